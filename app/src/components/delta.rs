//! The difference from an earlier figure.

use leptos::prelude::*;

/// "▲ $310.20 (+20.2%)". The arrow says what the colour says.
#[component]
pub fn Delta(
    /// Whether the figure went up or down.
    direction: std::cmp::Ordering,
    /// The difference without its sign.
    difference: String,
    /// The difference in percent.
    share: Option<String>,
    /// Whether neither direction is good or bad.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    use std::cmp::Ordering::{Equal, Greater, Less};

    let (class, arrow, words) = match direction {
        Greater => ("up", "▲ ", "up "),
        Less => ("dn", "▼ ", "down "),
        Equal => return view! { <span>"unchanged"</span> }.into_any(),
    };
    let class = if plain { "strong" } else { class };
    view! {
        <span class=class>
            <span aria-hidden="true">{arrow}</span>
            <span class="visually-hidden">{words}</span>
            {difference}
        </span>
        {share.map(|share| format!(" ({share})"))}
    }
    .into_any()
}

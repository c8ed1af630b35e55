//! How a figure compares with an earlier one.

use leptos::prelude::*;

/// "▲ $310.20 (+20.2%)": an arrow and a sign beside the colour.
#[component]
pub fn Delta(
    /// Which way the figure went.
    direction: std::cmp::Ordering,
    /// The difference without its sign.
    difference: String,
    /// The difference as a share, if there is one.
    share: Option<String>,
) -> impl IntoView {
    use std::cmp::Ordering::{Equal, Greater, Less};

    let (class, arrow, words) = match direction {
        Greater => ("up", "▲ ", "up "),
        Less => ("dn", "▼ ", "down "),
        Equal => return view! { <span>"unchanged"</span> }.into_any(),
    };
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

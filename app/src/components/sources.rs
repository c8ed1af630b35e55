//! What the page says about the stores behind it.

use leptos::prelude::*;

use crate::model::SourceState;
use crate::model::number::duration;

/// The stores in the page's header: name and latency, or that it is down.
#[component]
pub fn Sources(sources: Vec<SourceState>) -> impl IntoView {
    let item = |source: SourceState| {
        let class = if source.is_up() { None } else { Some("down") };
        view! { <li class=class title=source.error.clone()>{state(&source)}</li> }
    };
    view! {
        <ul class="sources" id="sources" data-live="" aria-label="Data sources">
            {sources.into_iter().map(item).collect_view()}
        </ul>
    }
}

/// That the orders are synthetic, if they are.
#[component]
pub fn DemonstrationNotice(demonstration: bool) -> impl IntoView {
    let notice = view! {
        <p class="notice">
            <strong>"Demonstration data."</strong>
            " No orders have been loaded, so these are synthetic ones. "
            <code>"server import"</code> " replaces them with your own."
        </p>
    };
    // Always there, so that a live update can make it come and go.
    view! {
        <aside id="notice" data-live="" aria-label="About the data" hidden=!demonstration>
            {demonstration.then_some(notice)}
        </aside>
    }
}

fn state(source: &SourceState) -> String {
    match source.latency_ms {
        _ if !source.is_up() => format!("{} down", source.name),
        Some(latency) => format!("{} {}", source.name, duration(latency)),
        None => source.name.clone(),
    }
}

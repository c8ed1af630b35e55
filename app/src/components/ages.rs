//! How old the page's numbers are, once for all of them.

use leptos::prelude::*;

use super::{Age, Time};
use crate::answers::Answers;
use crate::model::{Status, Timestamp};
use crate::page::Rendering;

/// When the oldest answer was computed, when the newest order was made, and when the orders were as
/// in their source, if we know it.
#[component]
pub fn Ages(answers: Answers) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let computed = answers
        .oldest()
        .map(|at| view! { <li>"computed " <b><Age at /></b></li> });
    let newest = answers.recent_orders.as_ref().ok();
    let newest = newest.and_then(|orders| orders.data.first()).map(|order| {
        let at = order.created_at;
        if at > now {
            let text = at.day_and_time();
            view! { <li>"newest order of " <b><Time at text /></b> ", in the future"</li> }
                .into_any()
        } else {
            view! { <li>"newest order " <b><Age at /></b></li> }.into_any()
        }
    });
    let status = answers.status.as_ref().ok();
    let source = status.map(|status| source(status, now));
    view! {
        <ul class="ages" id="ages" data-live="" aria-label="Ages of the numbers">{computed} {newest} {source}</ul>
    }
}

fn source(status: &Status, now: Timestamp) -> AnyView {
    match &status.order_source {
        Some(source) => match source.as_of {
            // A time and no age: it moves all the time, and the page is kept. The browser is told.
            Some(at) => {
                let text = format!("as of {}", at.relative_to(now.day()));
                view! { <li>"source " <b id="source-age">{text}</b></li> }.into_any()
            }
            None => view! { <li>"PostgreSQL: first load"</li> }.into_any(),
        },
        None if status.demonstration => ().into_any(),
        None => view! { <li>"loaded by another program"</li> }.into_any(),
    }
}

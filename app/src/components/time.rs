//! Instants, and how long ago they were.

use leptos::prelude::*;

use crate::model::Timestamp;
use crate::model::number::elapsed;
use crate::page::Rendering;

/// An instant as people read it, with the whole of it for machines.
#[component]
pub fn Time(at: Timestamp, text: String) -> impl IntoView {
    view! { <time datetime=at.to_string()>{text}</time> }
}

/// When something was; the browser says how long ago that is. The page itself says no age: it is
/// handed out for as long as nothing else on it changes.
#[component]
pub fn Age(at: Timestamp) -> impl IntoView {
    let text = at.relative_to(expect_context::<Rendering>().at.day());
    view! { <time class="age" datetime=at.to_string()>{text}</time> }
}

/// How long something has been going on when the page was rendered: "5 s". The browser counts on
/// from there.
#[component]
pub fn Clock(since: Timestamp) -> impl IntoView {
    let text = elapsed(expect_context::<Rendering>().at.seconds_since(since));
    view! { <time class="age" data-clock="" datetime=since.to_string()>{text}</time> }
}

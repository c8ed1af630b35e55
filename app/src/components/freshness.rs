//! When an answer was computed, from where, and how long ago that was.

use leptos::prelude::*;

use crate::model::number::{duration, elapsed};
use crate::model::{Source, Timestamp, Window};
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

/// The foot of a card: the exact window, and when, where and how fast it was computed.
#[component]
pub fn Freshness(
    window: Option<Window>,
    computed_at: Timestamp,
    took_ms: f64,
    source: Source,
    /// Why it is the last known answer, if it is.
    stale_because: Option<String>,
    /// Since when the next answer is being computed, if that is why.
    computing_since: Option<Timestamp>,
    /// What stands for the window where the metric reads the whole store.
    without_window: &'static str,
) -> impl IntoView {
    let window = match window {
        Some(window) => view! { <Span window /> }.into_any(),
        None => without_window.into_any(),
    };
    let origin = match source {
        Source::Database => {
            view! { "database, " {duration(took_ms)} " · " <Age at=computed_at /> }.into_any()
        }
        Source::Cache => view! { "cache, " <Age at=computed_at /> }.into_any(),
        Source::StaleCache => {
            let why = stale_because.map(|why| format!(" · {why}"));
            let clock = computing_since.map(|since| view! { " · " <Clock since /> });
            view! { "last known, " <Age at=computed_at /> {why} {clock} }.into_any()
        }
    };
    let today = expect_context::<Rendering>().at.day();
    let computed = computed_at.relative_to(today);
    view! {
        <span class="window">{window}</span>
        <span>"computed " <Time at=computed_at text=computed /> " · " {origin}</span>
    }
}

/// "00:00 – 09:30" within a day, "17 Nov 00:00 – 23 Nov 09:30" beyond it.
#[component]
fn Span(window: Window) -> impl IntoView {
    let Window { from, to } = window;
    let text = |at: Timestamp| {
        if from.day() == to.day() {
            at.hour_and_minute()
        } else {
            at.day_and_time()
        }
    };
    view! { <Time at=from text=text(from) /> " – " <Time at=to text=text(to) /> }
}

//! The foot of a card: the exact window in one quiet line, and the rest on demand.

use leptos::prelude::*;

use super::{Age, Clock, DataTable, Table, Time};
use crate::base::href;
use crate::model::number::duration;
use crate::model::{Panel, Snapshot, Source, Timestamp, Window};
use crate::page::Rendering;

/// Where an answer comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub window: Option<Window>,
    pub computed_at: Timestamp,
    pub took_ms: f64,
    pub source: Source,
    /// Why it is the last known answer, if it is.
    pub stale_because: Option<String>,
    /// Since when the next answer is being computed, if that is why.
    pub computing_since: Option<Timestamp>,
}

impl<T> From<&Snapshot<T>> for Origin {
    fn from(answer: &Snapshot<T>) -> Self {
        Self {
            window: answer.window,
            computed_at: answer.computed_at,
            took_ms: answer.took_ms,
            source: answer.source,
            stale_because: answer.stale_because.clone(),
            computing_since: answer.computing_since,
        }
    }
}

/// The window, and the numbers as a table, as a file and with their origin.
#[component]
pub fn Foot(
    origin: Origin,
    panel: Panel,
    title: &'static str,
    /// What stands for the window where the metric reads the whole store.
    without_window: &'static str,
    /// Which orders count.
    counts: &'static str,
    table: Table,
) -> impl IntoView {
    let window = match origin.window {
        Some(window) => view! { <Span window /> }.into_any(),
        None => without_window.into_any(),
    };
    let of = format!(" of {title}");
    view! {
        <footer>
            <span class="window">{window}</span>
            <Why origin=origin.clone() />
            <details class="table">
                <summary>"Table" <span class="visually-hidden">{of.clone()}</span></summary>
                <DataTable table caption=title />
            </details>
            <a class="csv" href=href(&format!("/panels/{}.csv", panel.endpoint())) download="">
                "CSV" <span class="visually-hidden">{of.clone()}</span>
            </a>
            <details class="about">
                <summary>"About" <span class="visually-hidden">" the numbers" {of}</span></summary>
                <div class="pop"><Facts origin without_window counts /></div>
            </details>
        </footer>
    }
}

/// Why the last known answer is shown, if it is.
#[component]
pub fn Why(origin: Origin) -> impl IntoView {
    let at = origin.computed_at;
    let today = expect_context::<Rendering>().at.day();
    origin.stale_because.map(|because| {
        let clock = origin.computing_since.map(|since| view! { " · " <Clock since /> });
        view! { <strong class="why">"as of " <Time at text=at.relative_to(today) /> ": " {because} {clock}</strong> }
    })
}

/// What there is to know about an answer.
#[component]
pub fn Facts(origin: Origin, without_window: &'static str, counts: &'static str) -> impl IntoView {
    let window = match origin.window {
        Some(Window { from, to }) => {
            let exact = |at: Timestamp| view! { <Time at text=at.to_the_millisecond() /> };
            view! { "from " {exact(from)} <br /> "to " {exact(to)} ", end excluded" }.into_any()
        }
        None => without_window.into_any(),
    };
    let source = match origin.source {
        Source::Database => "database",
        Source::Cache => "cache",
        Source::StaleCache => "last known answer",
    };
    let today = expect_context::<Rendering>().at.day();
    let at = origin.computed_at;
    view! {
        <dl>
            <dt>"Window"</dt><dd>{window}</dd>
            <dt>"Computed"</dt><dd><Time at text=at.relative_to(today) /> " · " <Age at /></dd>
            <dt>"Source"</dt><dd>{source} ", took " {duration(origin.took_ms)}</dd>
            <dt>"Counts"</dt><dd>{counts}</dd>
        </dl>
    }
}

/// "2 Dec 00:00 – 10:48" within a day, "26 Nov 00:00 – 2 Dec 10:48" beyond it.
#[component]
pub fn Span(window: Window) -> impl IntoView {
    let Window { from, to } = window;
    let end = if from.day() == to.day() {
        to.hour_and_minute()
    } else {
        to.day_and_time()
    };
    view! { <Time at=from text=from.day_and_time() /> " – " <Time at=to text=end /> }
}

use leptos::prelude::*;

use crate::answers::Answer;
use crate::components::{Age, Unavailable};
use crate::model::{ArchiveRun, ArchiveStatus, Timestamp};

mod earlier_runs;
mod figure;
mod months;
mod outcome;
mod progress;
mod receipt;
mod verify_form;

use earlier_runs::EarlierRuns;
use months::Months;
use outcome::{announcement, outcome};
use progress::Progress;
use receipt::Receipt;

/// The months of the order store, a line each: whether it is archived, by what, and until when it
/// can be.
#[component]
pub fn ArchivePanel(answer: Answer<ArchiveStatus>) -> impl IntoView {
    let (state, subtitle, content) = match answer {
        Ok(status) => {
            let subtitle = format!("by month, to {}", status.destination);
            ("", subtitle, content(status).into_any())
        }
        Err(error) => (
            "error",
            String::new(),
            view! { <Unavailable error /> }.into_any(),
        ),
    };
    view! {
        <section class=format!("card full {state}") id="archive" aria-labelledby="archive-heading">
            <header><h2 id="archive-heading">"Archive " <span class="quiet">{subtitle}</span></h2></header>
            <div id="archive-content" data-live="">{content}</div>
            // What was pressed has come to; never replaced, or nothing would be heard.
            <p id="archive-said" class="guard" role="status"></p>
            <p id="said" class="visually-hidden" role="status"></p>
        </section>
    }
}

fn content(status: ArchiveStatus) -> impl IntoView {
    // Whoever follows a run announces its end.
    let ended = match &status.current {
        None => status.runs.first().and_then(announcement),
        Some(_) => None,
    };
    let elsewhere = elsewhere(&status);
    let earlier = format!("Earlier runs ({})", status.runs.len());
    let none = status.runs.is_empty() && status.runs_stale_because.is_none();
    let runs = status.runs.clone();
    let stale_because = status.runs_stale_because.clone();
    let computing = status.computing_since.map(computing);
    view! {
        <div class="body" data-outcome=ended>
            <Months status />
            {elsewhere}
            {computing}
            {if none {
                view! { <p class="guard">"Nothing has been archived yet."</p> }.into_any()
            } else {
                view! {
                    <details class="more">
                        <summary>{earlier}</summary>
                        <EarlierRuns runs stale_because />
                    </details>
                }
                .into_any()
            }}
        </div>
    }
}

/// The browser renews the panel until this is gone.
fn computing(since: Timestamp) -> impl IntoView {
    let since = since.time_of_day();
    view! { <p class="guard" data-computing="">{format!("Being read since {since}.")}</p> }
}

/// A run that no process holds: the run log soon says how it ended.
fn elsewhere(status: &ArchiveStatus) -> Option<AnyView> {
    let run: &ArchiveRun = status.runs.first().filter(|run| run.state.is_active())?;
    let what = format!("{} · {} · started ", run.month.name(), outcome(run));
    Some(view! { <p class="guard">{what} <Age at=run.started_at /></p> }.into_any())
}

#[cfg(test)]
mod tests;

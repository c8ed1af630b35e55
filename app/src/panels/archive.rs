use leptos::prelude::*;

use crate::answers::Answer;
use crate::components::{Age, Unavailable};
use crate::islands::ArchiveForm;
use crate::model::{ArchiveStatus, Timestamp};

mod earlier_runs;
mod figure;
mod months;
mod outcome;
mod progress;
mod receipt;
mod verify_form;

use earlier_runs::EarlierRuns;
use months::Months;
use outcome::outcome;
use progress::Progress;
use receipt::Receipt;

/// Exports a month, shows how far that is, its receipt, the runs before, and which months are
/// about to be lost.
#[component]
pub fn ArchivePanel(answer: Answer<ArchiveStatus>) -> impl IntoView {
    let failed = answer.is_err();
    let (state, subtitle, content) = match answer {
        Ok(status) => {
            let subtitle = format!("to {}", status.destination);
            let latest = latest(&status);
            let content = view! {
                <div class="body split">
                    <div>
                        <ArchiveForm months=status.months />
                        <div id="archive-months" data-live="">
                            <Months guard=status.guard />
                            {status.computing_since.map(computing)}
                        </div>
                        <div id="archive-latest" data-live="">{latest}</div>
                    </div>
                    <div id="archive-runs" data-live="" class="scroll">
                        <EarlierRuns runs=status.runs stale_because=status.runs_stale_because />
                    </div>
                    // What the browser announces; never replaced, or nothing would be heard.
                    <p id="said" class="visually-hidden" role="status"></p>
                </div>
            };
            ("", subtitle, content.into_any())
        }
        Err(error) => (
            "error",
            String::new(),
            view! { <Unavailable error /> }.into_any(),
        ),
    };
    view! {
        // Without content it is live as a whole. The browser loads the document again where one
        // replaces the other: the form is an island and cannot come in by itself.
        <section class=format!("card full {state}") id="archive" aria-labelledby="archive-heading"
            data-live=failed.then_some("")>
            <header><h2 id="archive-heading">"Archive " <span class="sub">{subtitle}</span></h2></header>
            {content}
        </section>
    }
}

/// The browser renews the panel until this is gone.
fn computing(since: Timestamp) -> impl IntoView {
    let since = since.time_of_day();
    view! { <p class="guard" data-computing="">{format!("Being read since {since}.")}</p> }
}

/// The run under way here, else the newest of the log.
fn latest(status: &ArchiveStatus) -> Option<AnyView> {
    if let Some(run) = status.current.clone() {
        return Some(view! { <Progress run /> }.into_any());
    }
    let run = status.runs.first()?.clone();
    Some(if run.state.is_active() {
        // Its process is gone: the run log soon says how it ended.
        let what = format!("{} · {} · started ", run.month.name(), outcome(&run));
        view! { <p class="guard">{what} <Age at=run.started_at /></p> }.into_any()
    } else {
        view! { <Receipt run /> }.into_any()
    })
}

#[cfg(test)]
mod tests;

use leptos::prelude::*;

use crate::answers::Answer;
use crate::components::Unavailable;
use crate::islands::ArchiveForm;
use crate::model::{ArchiveRun, ArchiveStatus};

mod earlier_runs;
mod progress;
mod receipt;

use earlier_runs::EarlierRuns;
use progress::Progress;
use receipt::Receipt;

/// Exports a month, shows how far that is, its receipt, and the runs before.
#[component]
pub fn ArchivePanel(answer: Answer<ArchiveStatus>) -> impl IntoView {
    let (state, subtitle, content) = match answer {
        Ok(status) => {
            let subtitle = format!("to {}", status.destination);
            let latest = status
                .current
                .clone()
                .or_else(|| status.runs.first().cloned());
            let content = view! {
                <div class="body split">
                    <div>
                        <ArchiveForm months=status.months />
                        <div id="archive-latest" data-live="">{latest.map(report)}</div>
                    </div>
                    <div id="archive-runs" data-live="" class="scroll">
                        <EarlierRuns runs=status.runs />
                    </div>
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
        <section class=format!("card full {state}") id="archive" aria-labelledby="archive-heading">
            <header><h2 id="archive-heading">"Archive " <span class="sub">{subtitle}</span></h2></header>
            {content}
        </section>
    }
}

fn report(run: ArchiveRun) -> AnyView {
    if run.state.is_active() {
        view! { <Progress run /> }.into_any()
    } else {
        view! { <Receipt run /> }.into_any()
    }
}

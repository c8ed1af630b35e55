use leptos::prelude::*;

use crate::components::Age;
use crate::model::number::{counted, size};
use crate::model::{ArchiveRun, RunState};

/// How far the run under way has come.
#[component]
pub fn Progress(run: ArchiveRun) -> impl IntoView {
    let doing = match run.state {
        RunState::Verifying => "reading back what was stored",
        _ => "writing",
    };
    let so_far = format!(
        "{} · {doing} · {} · {} · started ",
        run.month.name(),
        counted(run.orders, "order"),
        size(run.bytes)
    );
    view! {
        <div data-running="">
            <p class="guard">{so_far} <Age at=run.started_at /></p>
            <progress aria-label="Archiving"></progress>
            <p class="guard">
                "You can close this page; the job goes on. "
                <a class="no-js" href="/#archive">"See how far it is"</a>
            </p>
        </div>
    }
}

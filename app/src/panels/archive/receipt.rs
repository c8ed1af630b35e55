use leptos::prelude::*;

use super::outcome::{announcement, outcome};
use crate::components::Time;
use crate::model::number::{counted, duration, grouped};
use crate::model::{ArchiveRun, RunState};
use crate::page::Rendering;

/// What the newest run stored, and the proof that it is what was read.
#[component]
pub fn Receipt(run: ArchiveRun) -> impl IntoView {
    let what = format!(
        "{}, {} bytes",
        counted(run.orders, "order"),
        grouped(run.bytes)
    );
    let checksum = run
        .crc32c
        .clone()
        .map(|crc32c| view! { ", CRC32C " <code>{crc32c}</code> });
    let generation = run
        .generation
        .map(|generation| format!(", generation {generation}"));
    let stored = stored(&run);
    let announcement = announcement(&run);
    view! {
        // The form that followed the run announces its end.
        <dl class="receipt" data-outcome=announcement>
            <dt>"Month"</dt><dd>{run.month.name()}</dd>
            <dt>"Object"</dt><dd><code>{run.object}</code></dd>
            <dt>"Orders"</dt><dd>{what}{checksum}{generation}</dd>
            <dt>"Stored"</dt><dd>{stored}</dd>
        </dl>
    }
}

/// The state decides, not the times: a run can fail after its object was read back.
fn stored(run: &ArchiveRun) -> AnyView {
    if run.state != RunState::Succeeded {
        return outcome(run).into_any();
    }
    let verified_at = run.verified_at.map(|at| {
        let today = expect_context::<Rendering>().at.day();
        let milliseconds = (at.utc() - run.started_at.utc()).num_milliseconds();
        view! {
            " at " <Time at text=at.relative_to(today) />
            {format!(", {}", duration(milliseconds as f64))}
        }
    });
    view! { <span class="ok">"✓ verified"</span> {verified_at} }.into_any()
}

use leptos::prelude::*;

use super::earlier_runs::outcome;
use crate::components::Time;
use crate::model::ArchiveRun;
use crate::model::number::{counted, duration, grouped};

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
    let stored = match run.verified_at {
        Some(at) => {
            let milliseconds = (at.utc() - run.started_at.utc()).num_milliseconds();
            view! {
                <span class="ok">"✓ verified"</span>
                " at " <Time at text=at.time_of_day() />
                {format!(", {}", duration(milliseconds as f64))}
            }
            .into_any()
        }
        None => outcome(&run),
    };
    view! {
        <dl class="receipt">
            <dt>"Month"</dt><dd>{run.month.name()}</dd>
            <dt>"Object"</dt><dd><code>{run.object}</code></dd>
            <dt>"Orders"</dt><dd>{what}{checksum}{generation}</dd>
            <dt>"Stored"</dt><dd>{stored}</dd>
        </dl>
    }
}

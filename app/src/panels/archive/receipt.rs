use leptos::prelude::*;

use super::figure::Figure;
use super::outcome::outcome;
use super::verify_form::VerifyForm;
use crate::components::Time;
use crate::model::number::{counted, duration, grouped};
use crate::model::{ArchiveRun, RunState};
use crate::page::Rendering;

/// What the newest run stored, and the proof that it is what was read.
#[component]
pub fn Receipt(run: ArchiveRun) -> impl IntoView {
    // The state decides, not the figures: a run can fail after its object was read back.
    let figures = match run.state {
        RunState::Succeeded => view! { <Stored run=run.clone() /> }.into_any(),
        _ => not_stored(&run),
    };
    view! {
        <dl class="receipt">
            <dt>"Month"</dt><dd>{run.month.name()}</dd>
            {figures}
        </dl>
    }
}

#[component]
fn Stored(run: ArchiveRun) -> impl IntoView {
    let (from, to) = (run.window.from, run.window.to);
    let window = format!("{} – {}", from.day_and_time(), to.day_and_time());
    let bytes = format!("{} bytes", grouped(run.bytes));
    let unreadable = (run.unreadable > 0).then(|| {
        let orders = counted(run.unreadable, "order");
        let first = run.unreadable_first.join(", ");
        let first = if first.is_empty() {
            first
        } else {
            format!(": {first}")
        };
        let what = format!("{orders} that no figure counts, archived as written{first}");
        view! { <dt>"Unreadable"</dt><dd>{what}</dd> }
    });
    let synthetic = run
        .synthetic
        .then(|| view! { <dt>"Kind"</dt><dd>"synthetic orders"</dd> });
    let crc32c = run.crc32c.clone().map(|crc32c| {
        view! { <Figure name="CRC32C" text=crc32c.clone() value=crc32c code=true /> }
    });
    let generation = run.generation.map(|generation| {
        let text = generation.to_string();
        view! { <Figure name="Generation" text=text.clone() value=text code=true /> }
    });
    let stored_as = run.stored_as.clone().map(|own| {
        view! { <Figure name="Stored as" text=own.clone() value=own code=true /> }
    });
    let published = published(&run);
    let (class, mark) = match run.is_damaged() {
        false => ("ok", "✓"),
        true => ("problem", "✗"),
    };
    let result = format!("{mark} {}", outcome(&run));
    view! {
        <Figure name="Orders" text=grouped(run.orders) value=run.orders.to_string() />
        {unreadable}
        {synthetic}
        <Figure name="Size" text=bytes value=run.bytes.to_string() />
        {crc32c}
        {stored_as}
        <Figure name="Object" text=run.object.clone() value=run.object.clone() code=true />
        {published}
        <Figure name="Location" text=run.location.clone() value=run.location.clone() code=true />
        {generation}
        <Figure name="Window" text=window value=format!("{from}/{to}") />
        <Figure name="Run" text=run.run_id.clone() value=run.run_id.clone() code=true />
        {verified_at(&run)}
        <dt>"Result"</dt>
        <dd><span class=class>{result}</span> " " <VerifyForm run /></dd>
    }
}

/// Whether the run's bytes are at the well-known path, and why not.
fn published(run: &ArchiveRun) -> Option<AnyView> {
    if run.published {
        return Some(view! { <dt>"Published"</dt><dd>"yes"</dd> }.into_any());
    }
    let because = run.unpublished_because.clone()?;
    Some(view! { <dt>"Published"</dt><dd class="problem">"no: " {because}</dd> }.into_any())
}

/// When it was read back, and how long after the start that was.
fn verified_at(run: &ArchiveRun) -> Option<AnyView> {
    let at = run.verified_at?;
    let today = expect_context::<Rendering>().at.day();
    let took = (at.utc() - run.started_at.utc()).num_milliseconds();
    let text = format!("{}, {}", at.relative_to(today), duration(took as f64));
    Some(view! { <Figure name="Verified" text value=at.to_string() /> }.into_any())
}

fn not_stored(run: &ArchiveRun) -> AnyView {
    let today = expect_context::<Rendering>().at.day();
    let started_at = run.started_at;
    let (id, outcome) = (run.run_id.clone(), outcome(run));
    view! {
        <dt>"Started"</dt><dd><Time at=started_at text=started_at.relative_to(today) /></dd>
        <Figure name="Run" text=id.clone() value=id code=true />
        <dt>"Result"</dt><dd class="problem">"✗ " {outcome}</dd>
    }
    .into_any()
}

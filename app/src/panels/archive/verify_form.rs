use leptos::prelude::*;

use crate::base::href;
use crate::model::ArchiveRun;
use crate::page::Rendering;

/// The button that reads a run's archive back, and what it has shown: posted as a plain form, or
/// by [`crate::browser::verify`], which also fills in the outcome.
#[component]
pub fn VerifyForm(run: ArchiveRun) -> impl IntoView {
    let Rendering { at, checked, .. } = expect_context();
    let checked = checked.filter(|checked| checked.run_id == run.run_id);
    let class = checked
        .as_ref()
        .map_or("checked", |checked| checked.class());
    let started_at = run.started_at.relative_to(at.day());
    let of = format!(
        " {}, to {}, run {started_at}",
        run.month.name(),
        run.window.to.day_and_time()
    );
    view! {
        <form method="post" action=href("/api/archive_verify") data-verify="">
            <input type="hidden" name="run_id" value=run.run_id.clone() />
            <button class="small">"Verify again" <span class="visually-hidden">{of}</span></button>
        </form>
        <p class=class data-checked=run.run_id>{checked.map(|checked| checked.sentence())}</p>
    }
}

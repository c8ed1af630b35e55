use leptos::prelude::*;

use super::outcome::outcome;
use super::{Progress, Receipt};
use crate::base::href;
use crate::components::{Icon, Sign, loss};
use crate::model::number::counted;
use crate::model::{ArchiveRun, ArchiveStatus, Month, MonthGuard, MonthState, RunState, Timestamp};
use crate::page::Rendering;

/// How many months have a line each; of those before, neighbours that are alike share one.
const EACH: usize = 6;

/// Every month that is still in the order store, newest first: whether it is archived, until when
/// it can be, and the button that does it.
#[component]
pub fn Months(status: ArchiveStatus) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let (newest, older) = status.guard.split_at(status.guard.len().min(EACH));
    let alike = older.chunk_by(|a, b| kind(&a.state) == kind(&b.state));
    let each = newest.iter().map(|month| item(month, &status, now));
    let items = each.chain(alike.map(|months| {
        match months {
            [newest, .., oldest] => together(newest, oldest, months.len()),
            few => few
                .iter()
                .map(|month| item(month, &status, now))
                .collect_view()
                .into_any(),
        }
    }));
    let items = items.collect_view();
    view! { <ul class="months" aria-label="Months in the order store">{items}</ul> }
}

/// The sign of a state, and the class of its colour.
fn kind(state: &MonthState) -> (Sign, &'static str) {
    match state {
        MonthState::Archived { .. } => (Sign::Good, "ok"),
        MonthState::Open { urgent: true, .. } => (Sign::Warning, "warn"),
        MonthState::Unknown { .. } => (Sign::Down, "dn"),
        MonthState::InProgress | MonthState::Open { .. } => (Sign::Note, "quiet"),
    }
}

fn item(month: &MonthGuard, status: &ArchiveStatus, now: Timestamp) -> AnyView {
    let of_month = |run: &&ArchiveRun| run.month == month.month;
    let current = status.current.as_ref().filter(of_month);
    let newest = status.runs.iter().find(of_month);
    let failed = newest.filter(|run| matches!(run.state, RunState::Failed | RunState::Interrupted));
    let failed = failed.map(|run| {
        let what = format!(
            "The last run {}. What was archived before is as it was.",
            outcome(run)
        );
        view! { <p class="problem">{what}</p> }
    });
    let stored = match &month.state {
        MonthState::Archived { run_id, .. } => status.runs.iter().find(|run| run.run_id == *run_id),
        _ => None,
    };
    let stored = stored.or(newest.filter(|run| run.state == RunState::Succeeded));
    let receipt = stored.map(|run| {
        view! {
            <details class="opened">
                <summary>"Receipt" <span class="visually-hidden">{format!(" of {}", month.month.name())}</span></summary>
                <Receipt run=run.clone() />
            </details>
        }
    });
    let words = view! {
        {words(&month.state, now)} {failed} {current.map(|run| view! { <Progress run=run.clone() /> })} {receipt}
    };
    let is_due = matches!(month.state, MonthState::Open { .. });
    line(
        &month.state,
        month.month.name(),
        words,
        Some(form(month.month, is_due)),
    )
}

/// The button that archives a month; without JavaScript a plain form.
fn form(month: Month, is_due: bool) -> AnyView {
    view! {
        <form method="post" action=href("/api/archive_start") data-archive="">
            <input type="hidden" name="month" value=month.to_string() />
            <button class=is_due.then_some("primary")>
                "Archive" <span class="visually-hidden">{format!(" {}", month.name())}</span>
            </button>
        </form>
    }
    .into_any()
}

/// How safe a month is.
fn words(state: &MonthState, now: Timestamp) -> String {
    match state {
        MonthState::InProgress => "running month".to_owned(),
        MonthState::Archived {
            verified_at, since, ..
        } => {
            let verified_at = verified_at.day_and_time_seen_from(now);
            let since = match since {
                Some(orders @ 1..) => format!("; {} have come since", counted(*orders, "order")),
                Some(0) | None => String::new(),
            };
            format!("archived, verified {verified_at}{since}")
        }
        MonthState::Open { leaves_at, .. } => format!("not archived. {}", loss(*leaves_at, now)),
        MonthState::Unknown { because } => format!("not known: {because}"),
    }
}

/// Months that follow each other and are alike.
fn together(newest: &MonthGuard, oldest: &MonthGuard, months: usize) -> AnyView {
    let count = counted(months as u64, "month");
    let name = format!(
        "{} to {} ({count})",
        oldest.month.name(),
        newest.month.name()
    );
    let words = match &newest.state {
        MonthState::Archived { .. } => "archived".into_any(),
        MonthState::Unknown { .. } => "not known".into_any(),
        _ => {
            view! { "not archived; " <code>"server archive --all-missing"</code> " archives them" }
                .into_any()
        }
    };
    line(&newest.state, name, words, None)
}

fn line(
    state: &MonthState,
    name: String,
    words: impl IntoView + 'static,
    action: Option<AnyView>,
) -> AnyView {
    let (sign, class) = kind(state);
    view! {
        <li>
            <strong>{name}</strong>
            <div class="state"><span class=class><Icon sign /></span> <div>{words}</div></div>
            {action}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests;

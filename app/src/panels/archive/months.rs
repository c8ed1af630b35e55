use leptos::prelude::*;

use crate::components::loss;
use crate::model::number::counted;
use crate::model::{MonthGuard, MonthState, Timestamp};
use crate::page::Rendering;

/// How many months have a line each; of those before, neighbours that are alike share one.
const EACH: usize = 6;

const ARCHIVED: &str = "✓ ";
const URGENT: &str = "⚠ ";
const OPEN: &str = "○ ";
const UNKNOWN: &str = "? ";

/// The retention guard: every month that is still in the order store, whether it is archived, and
/// until when it can be.
#[component]
pub fn Months(guard: Vec<MonthGuard>) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let (newest, older) = guard.split_at(guard.len().min(EACH));
    let alike = older.chunk_by(|a, b| kind(&a.state) == kind(&b.state));
    let each = newest.iter().map(|month| item(month, now));
    let items = each.chain(alike.map(|months| {
        match months {
            [newest, .., oldest] => together(newest, oldest, months.len()),
            few => few
                .iter()
                .map(|month| item(month, now))
                .collect_view()
                .into_any(),
        }
    }));
    (!guard.is_empty()).then(|| {
        let items = items.collect_view();
        view! { <ul class="months guard" aria-label="Months in the order store">{items}</ul> }
    })
}

/// The mark of a state, and the class of its colour.
fn kind(state: &MonthState) -> (&'static str, Option<&'static str>) {
    match state {
        MonthState::Archived { .. } => (ARCHIVED, Some("fine")),
        MonthState::Open { urgent: true, .. } => (URGENT, Some("problem")),
        MonthState::Unknown { .. } => (UNKNOWN, Some("problem")),
        MonthState::InProgress | MonthState::Open { .. } => (OPEN, None),
    }
}

fn item(month: &MonthGuard, now: Timestamp) -> AnyView {
    line(&month.state, month.month.name(), words(&month.state, now))
}

/// How safe a month is.
fn words(state: &MonthState, now: Timestamp) -> String {
    match state {
        MonthState::InProgress => "in progress".to_owned(),
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
    match &newest.state {
        MonthState::Archived { .. } => line(&newest.state, name, "archived"),
        MonthState::Unknown { .. } => line(&newest.state, name, "not known"),
        _ => {
            let words = view! { "not archived; " <code>"server archive --all-missing"</code> " archives them" };
            line(&newest.state, name, words)
        }
    }
}

fn line(state: &MonthState, name: String, words: impl IntoView + 'static) -> AnyView {
    let (mark, class) = kind(state);
    view! {
        <li class=class>
            <span aria-hidden="true">{mark}</span>
            <strong>{name}</strong> ": " {words}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests;

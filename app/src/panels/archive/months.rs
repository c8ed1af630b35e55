use chrono::Datelike;
use leptos::prelude::*;

use crate::components::loss;
use crate::model::number::counted;
use crate::model::{Month, MonthGuard, Timestamp};
use crate::page::Rendering;

/// So many months have a line each; of those before, all that are alike have one together.
const EACH: usize = 6;

/// The retention guard: every month that is still in the order store, whether it is archived, and
/// until when it can be.
#[component]
pub fn Months(
    guard: Vec<MonthGuard>,
    /// Why these are the last known, or none where nothing is known.
    stale_because: Option<String>,
) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let (newest, older) = guard.split_at(guard.len().min(EACH));
    let kind = |month: &MonthGuard| (month.archive.is_some(), month.urgent, month.damaged);
    let alike = older.chunk_by(|a, b| kind(a) == kind(b));
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
    let list = (!guard.is_empty()).then(|| {
        let items = items.collect_view();
        view! { <ul class="months guard" aria-label="Months in the order store">{items}</ul> }
    });
    let stale = stale_because.map(|because| {
        let what = match guard.is_empty() {
            true => "Which months are still to be archived is not known: ",
            false => "The months as far as they are known: ",
        };
        view! { <p class="guard">{format!("{what}{because}.")}</p> }
    });
    view! { {stale} {list} }
}

fn item(month: &MonthGuard, now: Timestamp) -> AnyView {
    let (mark, class, words) = words(month, now);
    let orders = month.orders;
    let count = orders.map(|orders| format!(" ({})", counted(orders, "order")));
    let name = month.month.name();
    line(mark, class, name, count.unwrap_or_default(), words)
}

/// So many months that follow each other and are alike.
fn together(newest: &MonthGuard, oldest: &MonthGuard, months: usize) -> AnyView {
    let name = format!("{} to {}", oldest.month.name(), newest.month.name());
    let count = format!(" ({})", counted(months as u64, "month"));
    if newest.archive.is_some() {
        return line(ARCHIVED, Some("fine"), name, count, "archived completely");
    }
    let (mark, class) = match newest.urgent {
        true => (URGENT, Some("problem")),
        false => (OPEN, None),
    };
    if newest.damaged {
        let words = "not archived completely. Their archives are gone or were changed: put copies back \
             and verify them";
        return line(mark, class, name, count, words);
    }
    let words = view! { "not archived completely; " <code>"server archive --all-missing"</code> " archives them" };
    line(mark, class, name, count, words)
}

const ARCHIVED: &str = "✓ ";
const URGENT: &str = "⚠ ";
const OPEN: &str = "○ ";

fn line(
    mark: &'static str,
    class: Option<&'static str>,
    name: String,
    count: String,
    words: impl IntoView + 'static,
) -> AnyView {
    view! {
        <li class=class>
            <span aria-hidden="true">{mark}</span>
            <strong>{name}</strong> {count} ": " {words}
        </li>
    }
    .into_any()
}

/// A mark, the class of its colour, and how safe the month is.
fn words(month: &MonthGuard, now: Timestamp) -> (&'static str, Option<&'static str>, String) {
    let leaves_at = month.leaves_at.day_and_time_seen_from(now);
    if let Some(archive) = &month.archive {
        let verified_at = archive.verified_at.day_and_time_seen_from(now);
        let words = if month.leaves_at <= now {
            format!(
                "archived completely, verified {verified_at}; its orders may have been leaving since {leaves_at}"
            )
        } else {
            format!(
                "archived completely, verified {verified_at}; its oldest orders leave {leaves_at}"
            )
        };
        return (ARCHIVED, Some("fine"), words);
    }
    if is_running(month.month, now) {
        return (
            OPEN,
            None,
            format!("not over yet; its oldest orders leave {leaves_at}"),
        );
    }
    let words = format!("not archived completely. {}", loss(month, now));
    if month.urgent {
        (URGENT, Some("problem"), words)
    } else {
        (OPEN, None, words)
    }
}

fn is_running(month: Month, now: Timestamp) -> bool {
    let today = now.day();
    (month.year(), month.number()) == (today.year(), today.month())
}

#[cfg(test)]
mod tests;

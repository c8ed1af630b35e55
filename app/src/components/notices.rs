//! Notices above the numbers.

use leptos::prelude::*;

use super::{Icon, Sign, loss};
use crate::model::number::counted;
use crate::model::status::about_unknown_statuses;
use crate::model::{MonthGuard, MonthState, SourceRole, SourceState, Status, Timestamp, Trouble};
use crate::page::Rendering;

/// One notice for each problem, the gravest first.
#[component]
pub fn Notices(
    status: Option<Status>,
    /// The months in the order store.
    guard: Vec<MonthGuard>,
) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let urgent: Vec<&MonthGuard> = guard.iter().filter(|month| month.is_urgent()).collect();
    let months = match urgent.as_slice() {
        [newest, .., oldest] if urgent.len() > MAX_MONTH_NOTICES => {
            vec![many_about_to_be_lost(newest, oldest, urgent.len())]
        }
        few => few
            .iter()
            .map(|month| about_to_be_lost(month, now))
            .collect(),
    };
    let of = |about: fn(&Status) -> Vec<AnyView>| status.as_ref().map(about).unwrap_or_default();
    let (stores, source) = (of(about_the_stores), of(about_the_source));
    let notices = [stores, source, months, of(about_the_orders)];
    let notices: Vec<_> = notices.into_iter().flatten().collect();
    let hidden = notices.is_empty();
    // Always rendered, so that a live update can show or hide it.
    view! {
        <aside id="notice" class="notices" data-live="" aria-label="About the data" hidden=hidden>
            <ul>{notices}</ul>
        </aside>
    }
}

/// More months than this share one notice.
const MAX_MONTH_NOTICES: usize = 3;

fn about_to_be_lost(month: &MonthGuard, now: Timestamp) -> AnyView {
    let what = format!("{} is not archived.", month.month.name());
    let loss = match month.state {
        MonthState::Open { leaves_at, .. } => format!("{}. ", loss(leaves_at, now)),
        _ => String::new(),
    };
    urgent(what, loss)
}

fn many_about_to_be_lost(newest: &MonthGuard, oldest: &MonthGuard, months: usize) -> AnyView {
    let (newest, oldest) = (newest.month.name(), oldest.month.name());
    let what = format!("{months} months from {oldest} to {newest} are not archived.");
    let words = view! { <code>"server archive --all-missing"</code> " archives them. " };
    urgent(what, words)
}

fn urgent(what: String, words: impl IntoView + 'static) -> AnyView {
    let words = view! {
        <strong>{what}</strong> " " {words} <a href="#archive">"To the archive"</a>
    };
    notice(Sign::Warning, words)
}

/// One notice, with its sign.
fn notice(sign: Sign, words: impl IntoView + 'static) -> AnyView {
    let class = match sign {
        Sign::Down => "grave",
        Sign::Warning => "due",
        Sign::Good | Sign::Note => "",
    };
    view! { <li class=class><Icon sign /> <div>{words}</div></li> }.into_any()
}

fn about_the_stores(status: &Status) -> Vec<AnyView> {
    let down = |role| {
        let mut down = status.sources.iter().filter(|source| !source.is_up());
        down.find(|source| source.role == role)
    };
    let orders = down(SourceRole::Orders);
    let cache = down(SourceRole::Cache).filter(|_| orders.is_none());
    let slow = status
        .sources
        .iter()
        .find(|source| source.role == SourceRole::Orders && source.trouble == Some(Trouble::Slow));
    [
        orders.map(without_orders),
        slow.map(slow_orders),
        cache.map(|cache| without_cache(cache, status)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn about_the_orders(status: &Status) -> Vec<AnyView> {
    [
        status.unreadable.filter(|count| *count > 0).map(unreadable),
        status.duplicates.filter(|count| *count > 0).map(duplicates),
        about_unknown_statuses(&status.unknown_statuses).map(unknown_statuses),
        status.demonstration.then(demonstration),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Lag, drift and the like, where the orders come from another database.
fn about_the_source(status: &Status) -> Vec<AnyView> {
    let notices = status
        .order_source
        .iter()
        .flat_map(|source| &source.notices);
    notices
        .map(|text| notice(Sign::Warning, text.clone()))
        .collect()
}

fn without_orders(orders: &SourceState) -> AnyView {
    let heals = match orders.trouble {
        Some(Trouble::Refused | Trouble::Unwritable) => "",
        Some(Trouble::Away | Trouble::Slow) | None => " It heals by itself.",
    };
    let words = view! {
            <strong>{problem(orders)}</strong>
            " Each card shows its last known figures and their age."
            {heals}
    };
    notice(Sign::Down, words)
}

fn slow_orders(orders: &SourceState) -> AnyView {
    let what = format!("{} is slow to answer.", orders.name);
    let words = view! {
            <strong>{what}</strong>
            " Each card shows its last known figures, and new ones as soon as they are there."
    };
    notice(Sign::Warning, words)
}

fn without_cache(cache: &SourceState, status: &Status) -> AnyView {
    let mut sources = status.sources.iter();
    let orders = sources.find(|source| source.role == SourceRole::Orders);
    let orders = orders.map_or("the order store", |orders| &orders.name);
    let right = format!(" The figures come straight from {orders} and are right.");
    let words = view! { <strong>{problem(cache)}</strong> {right} };
    notice(Sign::Warning, words)
}

/// What is wrong with a source and, if somebody must act, what to do.
fn problem(source: &SourceState) -> String {
    let name = &source.name;
    let how = match source.trouble {
        Some(Trouble::Refused) => "cannot be used",
        Some(Trouble::Unwritable) => "does not keep answers",
        Some(Trouble::Away | Trouble::Slow) | None => return format!("{name} does not answer."),
    };
    let error = source.error.as_deref().unwrap_or_default();
    // The error may begin with the same words.
    let said = format!("{name} {how}: ");
    format!("{said}{}.", error.strip_prefix(&said).unwrap_or(error))
}

fn unreadable(documents: u64) -> AnyView {
    let what = format!("{} could not be read.", counted(documents, "order"));
    let words = view! {
            <strong>{what}</strong>
        " Their id, time, total or quantity cannot be used, so no figure counts them."
    };
    notice(Sign::Warning, words)
}

fn duplicates(orders: u64) -> AnyView {
    let are = if orders == 1 { "is" } else { "are" };
    let what = format!("{} {are} there more than once.", counted(orders, "order"));
    let words = view! {
        <strong>{what}</strong>
        " Every figure counts each copy. Remove the copies and run "
        <code>"server migrate"</code> "."
    };
    notice(Sign::Warning, words)
}

fn unknown_statuses(what: String) -> AnyView {
    let words = "; until then their orders are revenue.";
    let words = view! { <strong>{what}</strong> {words} };
    notice(Sign::Note, words)
}

fn demonstration() -> AnyView {
    let words = view! {
            <strong>"Demonstration data."</strong>
            " These orders are synthetic, because none have been loaded. "
            <code>"server import"</code> " replaces them with your own."
    };
    notice(Sign::Note, words)
}

#[cfg(test)]
mod tests;

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
mod tests {
    use super::*;
    use crate::components::october;
    use crate::model::CompleteArchive;
    use crate::panels::archive::tests::at;

    const BEFORE: &str = "2026-11-04T12:00:00+01:00";

    fn html(month: MonthGuard, now: &str) -> String {
        html_of(vec![month], now)
    }

    fn html_of(guard: Vec<MonthGuard>, now: &str) -> String {
        html_stale(guard, None, now)
    }

    fn html_stale(guard: Vec<MonthGuard>, because: Option<&str>, now: &str) -> String {
        let stale_because = because.map(str::to_owned);
        Owner::new().with(|| {
            provide_context(Rendering {
                at: at(now),
                refreshed: None,
                checked: None,
            });
            view! { <Months guard stale_because /> }.to_html()
        })
    }

    /// October 2026 in months.
    const OCTOBER: u32 = 2026 * 12 + 9;

    /// The months before November 2026, so many of them, the first `archived` of these archived.
    fn before_november(months: u32, archived: u32) -> String {
        let month = |back: u32| MonthGuard {
            month: Month::new((OCTOBER - back) as i32 / 12, (OCTOBER - back) % 12 + 1)
                .expect("a month"),
            archive: (back < archived).then(|| CompleteArchive {
                run_id: "01".to_owned(),
                verified_at: at("2026-11-02T02:00:07+01:00"),
            }),
            ..october(back >= archived)
        };
        html_of(
            (0..months).map(month).collect(),
            "2026-11-22T12:00:00+01:00",
        )
    }

    #[test]
    fn old_months_that_are_alike_have_one_line() {
        let html = before_november(60, 20);
        assert_eq!(html.matches("<li").count(), 8, "{html}");
        for text in [
            "May 2026</strong> (188 orders)",
            "March 2025 to April 2026</strong> (14 months)",
            "November 2021 to February 2025</strong> (40 months)",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        let html = before_november(7, 0);
        assert_eq!(html.matches("<li").count(), 7, "{html}");
        assert!(!html.contains("months)"), "{html}");
    }

    #[test]
    fn an_urgent_month_is_a_sign_and_words() {
        let html = html(october(true), BEFORE);
        for text in [
            "⚠",
            "problem",
            "(188 orders)",
            "Archive it by 5 Nov 00:00 or lose its oldest orders",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
    }

    #[test]
    fn a_month_with_time_left_does_not_alarm() {
        let html = html(october(false), BEFORE);
        assert!(html.contains("Archive it by 5 Nov 00:00"), "{html}");
        assert!(!html.contains("problem") && !html.contains("⚠"), "{html}");
    }

    #[test]
    fn an_archived_month_says_since_when() {
        let archived = MonthGuard {
            archive: Some(CompleteArchive {
                run_id: "01".to_owned(),
                verified_at: at("2026-11-02T02:00:07+01:00"),
            }),
            ..october(false)
        };
        let before = html(archived.clone(), BEFORE);
        assert!(
            before.contains("archived completely, verified 2 Nov 02:00"),
            "{before}"
        );
        assert!(before.contains("oldest orders leave 5 Nov"), "{before}");
        let after = html(archived, "2026-11-22T12:00:00+01:00");
        assert!(after.contains("have been leaving since 5 Nov"), "{after}");
    }

    #[test]
    fn what_is_not_known_is_said() {
        let because = Some("MongoDB does not answer");
        let html = html_stale(vec![october(true)], because, BEFORE);
        let words = "The months as far as they are known: MongoDB does not answer.";
        assert!(html.contains(words), "{html}");
        assert!(html.contains("Archive it by 5 Nov 00:00"), "{html}");
        let html = html_stale(Vec::new(), because, BEFORE);
        let words = "Which months are still to be archived is not known: MongoDB does not answer.";
        assert!(html.contains(words), "{html}");
        assert!(!html_of(Vec::new(), BEFORE).contains("known"));
    }

    #[test]
    fn the_running_month_cannot_be_complete() {
        let html = html(october(false), "2026-10-20T12:00:00+02:00");
        assert!(html.contains("not over yet"), "{html}");
    }
}

use chrono::Datelike;
use leptos::prelude::*;

use crate::components::loss;
use crate::model::number::counted;
use crate::model::{Month, MonthGuard, Timestamp};
use crate::page::Rendering;

/// The retention guard: every month that is still in the order store, whether it is archived, and
/// until when it can be.
#[component]
pub fn Months(guard: Vec<MonthGuard>) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let item = |month: MonthGuard| {
        let (mark, class, words) = words(&month, now);
        let orders = month
            .orders
            .map(|orders| format!(" ({})", counted(orders, "order")));
        view! {
            <li class=class>
                <span aria-hidden="true">{mark}</span>
                <strong>{month.month.name()}</strong> {orders} ": " {words}
            </li>
        }
    };
    (!guard.is_empty()).then(|| {
        let items = guard.into_iter().map(item).collect_view();
        view! { <ul class="months guard" aria-label="Months in the order store">{items}</ul> }
    })
}

/// A mark, the class of its colour, and how safe the month is.
fn words(month: &MonthGuard, now: Timestamp) -> (&'static str, Option<&'static str>, String) {
    let leaves_at = month.leaves_at.day_and_time();
    if let Some(archive) = &month.archive {
        let verified_at = archive.verified_at.day_and_time();
        let words = if month.leaves_at <= now {
            format!(
                "archived completely, verified {verified_at}; its orders have been leaving since {leaves_at}"
            )
        } else {
            format!(
                "archived completely, verified {verified_at}; its first orders leave {leaves_at}"
            )
        };
        return ("✓ ", Some("fine"), words);
    }
    if is_running(month.month, now) {
        return (
            "○ ",
            None,
            format!("not over yet; its first orders leave {leaves_at}"),
        );
    }
    let words = format!("not archived completely. {}", loss(month, now));
    if month.urgent {
        ("⚠ ", Some("problem"), words)
    } else {
        ("○ ", None, words)
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
        Owner::new().with(|| {
            provide_context(Rendering {
                at: at(now),
                refreshed: None,
                checked: None,
            });
            view! { <Months guard=vec![month] /> }.to_html()
        })
    }

    #[test]
    fn an_urgent_month_is_a_sign_and_words() {
        let html = html(october(true), BEFORE);
        for text in [
            "⚠",
            "problem",
            "(188 orders)",
            "Archive it by 5 Nov 00:00 or lose its first orders",
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
        assert!(before.contains("first orders leave 5 Nov"), "{before}");
        let after = html(archived, "2026-11-22T12:00:00+01:00");
        assert!(after.contains("have been leaving since 5 Nov"), "{after}");
    }

    #[test]
    fn the_running_month_cannot_be_complete() {
        let html = html(october(false), "2026-10-20T12:00:00+02:00");
        assert!(html.contains("not over yet"), "{html}");
    }
}

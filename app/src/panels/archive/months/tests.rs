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
fn old_months_whose_archives_are_gone_are_not_among_those_that_never_had_one() {
    let months = (0..10).map(|back| MonthGuard {
        month: Month::new((OCTOBER - back) as i32 / 12, (OCTOBER - back) % 12 + 1)
            .expect("a month"),
        damaged: back < 8,
        ..october(true)
    });
    let html = html_of(months.collect(), "2026-11-22T12:00:00+01:00");
    for text in [
        "March 2026 to April 2026</strong> (2 months)",
        "January 2026 to February 2026</strong> (2 months)",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(
        html.contains("Their archives are gone or were changed"),
        "{html}"
    );
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

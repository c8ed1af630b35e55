use super::*;
use crate::components::october;
use crate::model::Month;
use crate::panels::archive::tests::at;

const BEFORE: &str = "2026-11-04T12:00:00+01:00";

fn html(guard: Vec<MonthGuard>, now: &str) -> String {
    Owner::new().with(|| {
        provide_context(Rendering::test(now));
        let status = ArchiveStatus {
            current: None,
            runs: Vec::new(),
            runs_stale_because: None,
            months: Vec::new(),
            guard,
            computing_since: None,
            destination: String::new(),
        };
        view! { <Months status /> }.to_html()
    })
}

fn html_of(state: MonthState) -> String {
    let month = MonthGuard {
        state,
        ..october(false)
    };
    html(vec![month], BEFORE)
}

fn archived(since: Option<u64>) -> MonthState {
    MonthState::Archived {
        run_id: "01".to_owned(),
        verified_at: at("2026-11-02T02:00:07+01:00"),
        since,
    }
}

/// October 2026 in months.
const OCTOBER: u32 = 2026 * 12 + 9;

/// This many months before November 2026, the newest of them archived.
fn before_november(months: u32, newest: u32) -> String {
    let month = |back: u32| MonthGuard {
        month: Month::new((OCTOBER - back) as i32 / 12, (OCTOBER - back) % 12 + 1)
            .expect("a month"),
        state: match back < newest {
            true => archived(None),
            false => october(true).state,
        },
    };
    html(
        (0..months).map(month).collect(),
        "2026-11-22T12:00:00+01:00",
    )
}

#[test]
fn old_months_that_are_alike_share_a_line() {
    let html = before_november(60, 20);
    assert_eq!(html.matches("<li").count(), 8, "{html}");
    for text in [
        "May 2026</strong>",
        "March 2025 to April 2026 (14 months)</strong>",
        "November 2021 to February 2025 (40 months)</strong>",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    let html = before_november(7, 0);
    assert_eq!(html.matches("<li").count(), 7, "{html}");
    assert!(!html.contains("months)"), "{html}");
}

#[test]
fn an_urgent_month_is_a_sign_and_words() {
    let html = html(vec![october(true)], BEFORE);
    for text in [
        "#i-warning",
        "not archived. Archive it by 5 Nov 00:00 or lose its oldest orders",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[test]
fn a_month_with_time_left_does_not_alarm() {
    let html = html(vec![october(false)], BEFORE);
    assert!(html.contains("Archive it by 5 Nov 00:00"), "{html}");
    assert!(!html.contains("#i-warning"), "{html}");
}

#[test]
fn each_state_is_said_in_words() {
    for (state, words) in [
        (MonthState::InProgress, "running month"),
        (archived(None), "archived, verified 2 Nov 02:00<"),
        (archived(Some(0)), "archived, verified 2 Nov 02:00<"),
        (
            archived(Some(3)),
            "archived, verified 2 Nov 02:00; 3 orders have come since",
        ),
        (
            MonthState::Unknown {
                because: "MongoDB does not answer".to_owned(),
            },
            "not known: MongoDB does not answer",
        ),
    ] {
        let html = html_of(state).replace("<!>", "");
        assert!(html.contains(words), "{words}: {html}");
    }
}

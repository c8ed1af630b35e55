use leptos::prelude::*;

use super::earlier_runs::EarlierRuns;
use super::progress::Progress;
use super::receipt::Receipt;
use super::{ArchivePanel, ArchivePanelProps, content};
use crate::api::ApiError;
use crate::components::october;
use crate::model::{
    ArchiveRun, ArchiveStatus, Month, MonthGuard, MonthState, RunState, Timestamp, Window,
};
use crate::page::Rendering;

/// The instant.
pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an RFC 3339 time")
}

/// A run that read back what it stored, and then came to `state`.
pub(super) fn run(state: RunState) -> ArchiveRun {
    ArchiveRun {
        run_id: "01".to_owned(),
        month: Month::new(2026, 10).expect("a month"),
        state,
        orders: 188,
        bytes: 35_000,
        expected: None,
        crc32c: None,
        object: "orders.jsonl".to_owned(),
        stored_as: Some("runs/01.jsonl".to_owned()),
        published: true,
        unpublished_because: None,
        location: "/tmp/orders.jsonl".to_owned(),
        generation: None,
        unreadable: 0,
        unreadable_first: Vec::new(),
        synthetic: false,
        window: Window {
            from: at("2026-10-01T00:00:00Z"),
            to: at("2026-11-01T00:00:00Z"),
        },
        started_at: at("2026-11-22T14:02:11Z"),
        finished_at: None,
        verified_at: Some(at("2026-11-22T14:02:12Z")),
        by: None,
        last_check: None,
        error: (state == RunState::Failed).then(|| "the disk is full".to_owned()),
    }
}

/// October with the run under way and the newest of the log, as it is shown on `now`'s day.
fn shown(current: Option<RunState>, logged: Option<RunState>, now: &str) -> String {
    let archived = MonthState::Archived {
        run_id: "01".to_owned(),
        verified_at: at("2026-11-22T14:02:12Z"),
        since: None,
    };
    let open = october(false).state;
    let guard = MonthGuard {
        state: if logged == Some(RunState::Succeeded) {
            archived
        } else {
            open
        },
        ..october(false)
    };
    let months = vec![guard.month];
    let status = ArchiveStatus {
        current: current.map(run),
        runs: logged.map(run).into_iter().collect(),
        months,
        destination: String::new(),
        runs_stale_because: None,
        computing_since: None,
        guard: vec![guard],
    };
    Owner::new().with(|| {
        provide_context(Rendering::test(now));
        content(status).to_html()
    })
}

const SAME_DAY: &str = "2026-11-22T15:00:00Z";

/// The card itself is never replaced: what it says would not be heard.
#[test]
fn the_content_is_live_with_answers_and_without() {
    let html = Owner::new().with(|| {
        provide_context(Rendering::test(SAME_DAY));
        let answer = Err(ApiError::unavailable("the archive does not answer"));
        ArchivePanel(ArchivePanelProps { answer }).to_html()
    });
    assert_eq!(html.matches("data-live").count(), 1, "{html}");
    assert!(html.contains("id=\"archive-content\" data-live"), "{html}");
    assert!(html.contains("last tried"), "{html}");
}

#[test]
fn a_verified_run_says_when() {
    let html = shown(None, Some(RunState::Succeeded), SAME_DAY);
    assert!(html.contains("✓ verified"), "{html}");
    assert!(html.contains("14:02:12"), "{html}");
}

#[test]
fn the_day_is_said_once_it_is_over() {
    let html = shown(None, Some(RunState::Succeeded), "2026-11-23T09:00:00Z");
    assert!(html.contains("22 Nov 14:02"), "{html}");
}

#[test]
fn no_failed_run_is_called_verified() {
    for (state, words) in [
        (RunState::Failed, "failed: the disk is full"),
        (RunState::Interrupted, "interrupted"),
    ] {
        let html = shown(None, Some(state), SAME_DAY);
        assert!(!html.contains("verified"), "{html}");
        assert!(html.contains(words), "{html}");
        assert!(
            html.contains("What was archived before is as it was."),
            "{html}"
        );
    }
}

#[test]
fn only_the_run_of_this_process_is_followed() {
    let here = shown(Some(RunState::Running), None, SAME_DAY);
    assert!(here.contains("data-running"), "{here}");
    let elsewhere = shown(None, Some(RunState::Running), SAME_DAY);
    assert!(!elsewhere.contains("data-running"), "{elsewhere}");
    assert!(
        elsewhere.contains("running in another process"),
        "{elsewhere}"
    );
}

#[test]
fn a_run_that_is_not_published_says_why() {
    let html = Owner::new().with(|| {
        provide_context(Rendering::test(SAME_DAY));
        let run = ArchiveRun {
            published: false,
            unpublished_because: Some("this run has fewer orders".to_owned()),
            ..run(RunState::Succeeded)
        };
        let runs = vec![run.clone()];
        let stale_because = None;
        view! { <Receipt run /> <EarlierRuns runs stale_because /> }.to_html()
    });
    assert!(html.contains("✓ verified"), "{html}");
    let html = html.replace("<!>", "");
    assert!(html.contains("no: this run has fewer orders"), "{html}");
    let words = "not published: this run has fewer orders";
    assert!(html.contains(words), "{html}");
    assert!(html.contains("runs/01.jsonl"), "{html}");
}

/// A bar that moves by itself would say nothing.
#[test]
fn a_bar_is_there_only_where_its_end_is_known() {
    let shown = |expected| {
        Owner::new().with(|| {
            provide_context(Rendering::test(SAME_DAY));
            let run = ArchiveRun {
                expected,
                ..run(RunState::Running)
            };
            view! { <Progress run /> }.to_html()
        })
    };
    let html = shown(Some(100));
    assert!(html.contains("value=\"100\""), "{html}");
    assert!(html.contains("Orders written: 100 of about 100"), "{html}");
    for expected in [None, Some(0)] {
        assert!(!shown(expected).contains("<progress"));
    }
}

#[test]
fn only_what_is_stored_can_be_copied_and_verified_again() {
    let succeeded = shown(None, Some(RunState::Succeeded), SAME_DAY);
    for part in ["data-copy=\"188\"", "data-copy=\"35000\"", "data-verify"] {
        assert!(succeeded.contains(part), "{part}: {succeeded}");
    }
    let failed = shown(None, Some(RunState::Failed), SAME_DAY);
    assert!(!failed.contains("data-verify"), "{failed}");
    assert!(!failed.contains("188"), "{failed}");
}

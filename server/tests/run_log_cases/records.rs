//! What was recorded comes back.

use app::model::{ArchiveRun, LastCheck, RunState, StartedBy, VerifyOutcome};
use server::store::RunLog;

use crate::{at, newest, recorded, run};

pub async fn an_empty_log_has_no_runs(log: &dyn RunLog) {
    assert_eq!(newest(log, 20).await, []);
}

pub async fn a_run_comes_back_as_it_was(log: &dyn RunLog) {
    let run = ArchiveRun {
        state: RunState::Failed,
        orders: u64::MAX,
        crc32c: Some("8b1f03c2".to_owned()),
        generation: Some(i64::MIN),
        finished_at: Some(at("2026-11-01T08:00:01.5+01:00")),
        stored_as: Some("shopstream/orders/runs/01A.jsonl".to_owned()),
        unpublished_because: Some("there are \"fewer\"".to_owned()),
        unreadable_first: vec!["größer".to_owned(), "line 2".to_owned()],
        by: Some(StartedBy::CommandLine),
        error: Some("the bucket is gone; create it\u{2026}".to_owned()),
        ..run("01A", "2026-11-01T08:00:00.123+01:00")
    };
    recorded(log, std::slice::from_ref(&run)).await;
    let back = newest(log, 1).await;
    assert_eq!(back, [run]);
    // Equality of times does not see the offset.
    assert_eq!(
        back[0].started_at.to_string(),
        "2026-11-01T08:00:00.123+01:00"
    );
}

pub async fn a_run_is_replaced_by_its_id(log: &dyn RunLog) {
    let running = run("01A", "2026-11-01T08:00:00Z");
    let done = ArchiveRun {
        state: RunState::Succeeded,
        orders: 431,
        ..running.clone()
    };
    recorded(log, &[running]).await;
    // Also where it has ended.
    let check = LastCheck {
        at: at("2026-11-02T08:00:00Z"),
        outcome: VerifyOutcome::Truncated,
    };
    for last_check in [None, Some(check), None] {
        let done = ArchiveRun {
            last_check,
            ..done.clone()
        };
        recorded(log, std::slice::from_ref(&done)).await;
        assert_eq!(newest(log, 20).await, [done]);
    }
}

pub async fn the_newest_come_first(log: &dyn RunLog) {
    let runs = [
        run("01C", "2026-11-02T23:30:00Z"),
        // Earlier, although the clock on the wall showed more.
        run("01A", "2026-11-03T00:00:00+01:00"),
        run("01D", "2026-11-04T00:00:00Z"),
        run("01B", "2026-11-02T23:00:00Z"),
    ];
    recorded(log, &runs).await;
    let ids = |runs: &[ArchiveRun]| -> Vec<String> {
        runs.iter().map(|run| run.run_id.clone()).collect()
    };
    assert_eq!(ids(&newest(log, 20).await), ["01D", "01C", "01B", "01A"]);
    assert_eq!(ids(&newest(log, 2).await), ["01D", "01C"]);
    assert_eq!(newest(log, 0).await, []);
}

pub async fn many_runs_are_cut_to_the_limit(log: &dyn RunLog) {
    for number in 10..60 {
        let run = run(
            &format!("01{number}"),
            &format!("2026-11-01T08:00:{number}Z"),
        );
        recorded(log, &[run]).await;
    }
    let runs = newest(log, 20).await;
    assert_eq!(runs.len(), 20);
    assert_eq!(runs[19].run_id, "0140");
}

pub async fn a_run_that_has_ended_does_not_begin_again(log: &dyn RunLog) {
    let running = run("01A", "2026-11-01T08:00:00Z");
    let ended = ArchiveRun {
        state: RunState::Interrupted,
        ..running.clone()
    };
    let verifying = ArchiveRun {
        state: RunState::Verifying,
        ..running.clone()
    };
    recorded(log, &[running.clone(), verifying.clone()]).await;
    assert_eq!(newest(log, 20).await, std::slice::from_ref(&verifying));
    recorded(log, &[ended.clone(), running, verifying]).await;
    assert_eq!(newest(log, 20).await, std::slice::from_ref(&ended));
    let succeeded = ArchiveRun {
        state: RunState::Succeeded,
        ..ended
    };
    recorded(log, std::slice::from_ref(&succeeded)).await;
    assert_eq!(newest(log, 20).await, [succeeded]);
}

pub async fn a_run_is_found_by_its_id(log: &dyn RunLog) {
    let runs = [
        run("01A", "2026-11-01T08:00:00Z"),
        run("01B", "2026-11-01T09:00:00Z"),
    ];
    recorded(log, &runs).await;
    let [first, _] = runs;
    assert_eq!(log.find("01A").await.expect("an answer"), Some(first));
    for id in ["", "01", "01a", "01C", "'; --", "$ne", "\0"] {
        assert_eq!(log.find(id).await.expect("an answer"), None, "{id}");
    }
}

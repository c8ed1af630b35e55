//! What every record of archive runs must do, and every lease beside it.

#![expect(clippy::expect_used, reason = "a test ends where something fails")]

use app::model::{ArchiveRun, LastCheck, RunState, StartedBy, Timestamp, VerifyOutcome, Window};
use run_log_cases::leases::{
    of_many_that_take_the_lease_at_once_one_gets_it, the_lease_is_one_runs_until_it_expires,
    the_lease_is_renewed_and_released_by_its_holder_alone,
};
use run_log_cases::months::the_runs_of_a_month_are_found;
use run_log_cases::progress::late_progress_undoes_nothing;
use server::store::RunLog;
use server::store::mongo::MongoStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;

use support::mongo::MongoBackend;

mod run_log_cases {
    pub mod leases;
    pub mod months;
    pub mod progress;
}
mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod backend;
    pub mod mongo;
    pub mod mongo_server;
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an RFC 3339 time")
}

/// A run that has just started.
fn run(run_id: &str, started_at: &str) -> ArchiveRun {
    ArchiveRun {
        run_id: run_id.to_owned(),
        month: "2026-10".parse().expect("a month"),
        state: RunState::Running,
        orders: 0,
        bytes: 0,
        expected: None,
        crc32c: None,
        object: "shopstream/orders/2026/10/31/orders_export.jsonl".to_owned(),
        stored_as: None,
        published: false,
        unpublished_because: None,
        location: "gs://bucket/größer \"x\"".to_owned(),
        generation: None,
        unreadable: 0,
        unreadable_first: Vec::new(),
        synthetic: false,
        window: Window {
            from: at("2026-10-01T00:00:00+02:00"),
            to: at("2026-11-01T00:00:00+01:00"),
        },
        started_at: at(started_at),
        finished_at: None,
        verified_at: None,
        by: None,
        last_check: None,
        error: None,
    }
}

async fn recorded(log: &dyn RunLog, runs: &[ArchiveRun]) {
    for run in runs {
        log.record(run).await.expect("recorded");
    }
}

async fn newest(log: &dyn RunLog, limit: u32) -> Vec<ArchiveRun> {
    log.newest(limit).await.expect("runs")
}

async fn an_empty_log_has_no_runs(log: &dyn RunLog) {
    assert_eq!(newest(log, 20).await, []);
}

async fn a_run_comes_back_as_it_was(log: &dyn RunLog) {
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

async fn a_run_is_replaced_by_its_id(log: &dyn RunLog) {
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

async fn the_newest_come_first(log: &dyn RunLog) {
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

async fn many_runs_are_cut_to_the_limit(log: &dyn RunLog) {
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

async fn a_run_that_has_ended_does_not_begin_again(log: &dyn RunLog) {
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

async fn a_run_is_found_by_its_id(log: &dyn RunLog) {
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

/// A folder with an empty SQLite store.
struct Sqlite(TempDir);

impl Sqlite {
    async fn start() -> Option<Self> {
        Some(Self(TempDir::new().expect("a temporary folder")))
    }

    async fn open(&self) -> SqliteStore {
        let path = self.0.path().join("orders.sqlite");
        SqliteStore::open(&path).await.expect("a store")
    }
}

/// An empty database in MongoDB.
struct Mongo(MongoBackend);

impl Mongo {
    async fn start() -> Option<Self> {
        MongoBackend::bare().await.map(Self)
    }

    async fn open(&self) -> MongoStore {
        self.0.store.clone()
    }
}

/// A test for every case, each with a fresh log.
macro_rules! run_log_contract {
    ($name:ident, $backend:ty; $($case:ident)*) => {
        mod $name {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let Some(backend) = <$backend>::start().await else { return };
                let log = backend.open().await;
                super::$case(&log).await;
            })*

            #[tokio::test]
            async fn runs_survive_reopening() {
                let Some(backend) = <$backend>::start().await else { return };
                let run = super::run("01A", "2026-11-01T08:00:00Z");
                super::recorded(&backend.open().await, std::slice::from_ref(&run)).await;
                assert_eq!(super::newest(&backend.open().await, 20).await, [run]);
            }
        }
    };
}

macro_rules! cases {
    ($name:ident, $backend:ty) => {
        run_log_contract! { $name, $backend;
            an_empty_log_has_no_runs
            a_run_comes_back_as_it_was
            a_run_is_replaced_by_its_id
            the_newest_come_first
            many_runs_are_cut_to_the_limit
            a_run_that_has_ended_does_not_begin_again
            late_progress_undoes_nothing
            a_run_is_found_by_its_id
            the_runs_of_a_month_are_found
            the_lease_is_one_runs_until_it_expires
            the_lease_is_renewed_and_released_by_its_holder_alone
            of_many_that_take_the_lease_at_once_one_gets_it
        }
    };
}

cases! { sqlite, crate::Sqlite }
cases! { mongo, crate::Mongo }

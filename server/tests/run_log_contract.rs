//! What every record of archive runs must do, and every lease beside it.

#![expect(clippy::expect_used, reason = "a test ends where something fails")]

use app::model::{ArchiveRun, RunState, Timestamp, Window};
use run_log_cases::leases::{
    of_many_that_take_the_lease_at_once_one_gets_it, the_lease_is_one_runs_until_it_expires,
    the_lease_is_renewed_and_released_by_its_holder_alone,
};
use run_log_cases::months::the_runs_of_a_month_are_found;
use run_log_cases::progress::late_progress_undoes_nothing;
use run_log_cases::records::{
    a_run_comes_back_as_it_was, a_run_is_found_by_its_id, a_run_is_replaced_by_its_id,
    a_run_that_has_ended_does_not_begin_again, an_empty_log_has_no_runs,
    many_runs_are_cut_to_the_limit, the_newest_come_first,
};
use server::store::RunLog;
use server::store::mongo::MongoStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;

use support::mongo::MongoBackend;

mod run_log_cases {
    pub mod leases;
    pub mod months;
    pub mod progress;
    pub mod records;
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

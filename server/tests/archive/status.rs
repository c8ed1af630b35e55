//! What the page is shown while a store is silent.

use std::sync::Arc;

use app::model::{ArchiveRun, Month, MonthState, RunState};
use app::ports::Archive;
use async_trait::async_trait;
use futures::future;
use server::archive::{ArchiveJob, ArchiveParts};
use server::store::{RunLog, StoreError};

use crate::faulty_store::{Fault, FaultyStore};
use crate::{Shop, archive, job, month};

/// A log whose reads do not answer.
#[derive(Debug)]
struct Silent(Arc<dyn RunLog>);

#[async_trait]
impl RunLog for Silent {
    async fn record(&self, run: &ArchiveRun) -> Result<(), StoreError> {
        self.0.record(run).await
    }

    async fn newest(&self, _: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        future::pending().await
    }

    async fn of_month(&self, _: Month, _: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        future::pending().await
    }

    async fn find(&self, _: &str) -> Result<Option<ArchiveRun>, StoreError> {
        future::pending().await
    }
}

const LATE: &str = "being read since 09:30:01";

#[tokio::test]
async fn a_silent_order_store_leaves_the_runs() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    let (store, fault) = (shop.store.clone(), Fault::Silent);
    let parts = ArchiveParts {
        store: Arc::new(FaultyStore { store, fault }),
        ..shop.parts()
    };
    let status = job(parts).await.status().await.expect("a status");
    assert_eq!((status.runs, status.runs_stale_because), (vec![run], None));
    assert_eq!(status.months, [month("2026-11")]);
    let unknown = MonthState::Unknown {
        because: LATE.to_owned(),
    };
    let guard = status.guard.iter().map(|guard| (guard.month, &guard.state));
    assert_eq!(guard.collect::<Vec<_>>(), [(month("2026-11"), &unknown)]);
}

#[tokio::test]
async fn a_silent_run_log_leaves_the_running_month() {
    let shop = Shop::open().await;
    archive(&shop.job().await, Some("2026-10")).await;
    let parts = ArchiveParts {
        log: Arc::new(Silent(shop.store.clone())),
        ..shop.parts()
    };
    let job = ArchiveJob::beside(parts);
    let status = job.status().await.expect("a status");
    assert_eq!(status.runs, []);
    assert_eq!(status.runs_stale_because.as_deref(), Some(LATE));
    assert_eq!(status.months, [month("2026-11")]);
    assert!(status.guard.iter().all(|guard| guard.is_unknown()));
}

#[tokio::test]
async fn a_run_whose_process_is_gone_is_decided_soon() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    let job = ArchiveJob::beside(shop.parts());
    let left = ArchiveRun {
        run_id: "01JD8Q0Z3W6K5T9V2N4R7X1B8C".to_owned(),
        state: RunState::Running,
        ..run
    };
    shop.store.record(&left).await.expect("a record");
    let status = job.status().await.expect("a status");
    assert_eq!(status.current, None);
    loop {
        let found = shop.store.find(&left.run_id).await.expect("an answer");
        if found.expect("a run").state == RunState::Interrupted {
            break;
        }
        tokio::task::yield_now().await;
    }
}

//! The record of archive runs behind the breaker of the order store beside it.

use std::sync::Arc;

use app::model::{ArchiveRun, Month};
use async_trait::async_trait;

use super::{Guarded, StoreError};
use crate::store::RunLog;

/// Passes every call on; reads while the database is away are answered at once.
#[derive(Clone, Debug)]
pub struct GuardedRuns {
    pub(super) log: Arc<dyn RunLog>,
    pub(super) guard: Guarded,
}

#[async_trait]
impl RunLog for GuardedRuns {
    async fn record(&self, run: &ArchiveRun) -> Result<(), StoreError> {
        self.log.record(run).await
    }

    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        let read = self.log.newest(limit);
        self.guard.read("archive runs", read).await
    }

    async fn of_month(&self, month: Month, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        let read = self.log.of_month(month, limit);
        self.guard.read("archive runs", read).await
    }

    async fn find(&self, run_id: &str) -> Result<Option<ArchiveRun>, StoreError> {
        self.guard.read("archive run", self.log.find(run_id)).await
    }
}

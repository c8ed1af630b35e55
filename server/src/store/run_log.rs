//! The record of archive runs.

use std::fmt::Debug;

use app::model::{ArchiveRun, Month};
use async_trait::async_trait;

use super::StoreError;

/// Remembers archive runs over restarts.
#[async_trait]
pub trait RunLog: Debug + Send + Sync + 'static {
    /// Inserts the run, or replaces the one with the same `run_id`. A run that has ended is never
    /// replaced by one that is still going on: what comes late changes nothing.
    async fn record(&self, run: &ArchiveRun) -> Result<(), StoreError>;

    /// The `limit` newest runs, newest first.
    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, StoreError>;

    /// The `limit` newest runs that were to archive `month`, newest first.
    async fn of_month(&self, month: Month, limit: u32) -> Result<Vec<ArchiveRun>, StoreError>;

    /// The run of that identifier; any text may be asked for.
    async fn find(&self, run_id: &str) -> Result<Option<ArchiveRun>, StoreError>;
}

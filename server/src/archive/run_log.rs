//! The record of archive runs.

use std::fmt::Debug;

use app::model::ArchiveRun;
use async_trait::async_trait;

use crate::store::StoreError;

/// Remembers archive runs over restarts.
#[async_trait]
pub trait RunLog: Debug + Send + Sync + 'static {
    /// Inserts the run, or replaces the one with the same `run_id`.
    async fn record(&self, run: &ArchiveRun) -> Result<(), StoreError>;

    /// The `limit` newest runs, newest first.
    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, StoreError>;
}

//! The lease on the archive: who may archive now.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;

/// The right to archive, of one run, for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub run_id: String,
    /// To the millisecond. From then on the lease is free.
    pub until: DateTime<Utc>,
}

/// Keeps the one lease. Every call is one step: of two that take it at once, one gets it.
#[async_trait]
pub trait LeaseStore: Debug + Send + Sync + 'static {
    /// Takes the lease, if it is free at `now`, or the same run's already. Else who holds it.
    async fn take(&self, lease: &Lease, now: DateTime<Utc>) -> Result<Option<Lease>, StoreError>;

    /// Extends the lease of the same run, expired or not; false, and nothing changed, if another run
    /// or none holds it.
    async fn renew(&self, lease: &Lease) -> Result<bool, StoreError>;

    /// Frees the lease, if it is that run's.
    async fn release(&self, run_id: &str) -> Result<(), StoreError>;

    /// The lease as it is kept, expired or not.
    async fn current(&self) -> Result<Option<Lease>, StoreError>;
}

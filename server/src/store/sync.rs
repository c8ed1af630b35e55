//! Orders that are kept as another database has them.

use std::collections::HashSet;
use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;
use crate::order::{Order, OrderId};

/// An order store as the target of `server sync`. The key of a document is the text of its
/// `source_key`, or its `order_id` where it has none.
#[async_trait]
pub trait SyncStore: Debug + Send + Sync + 'static {
    /// Makes the indexes that finding documents by key needs. Safe to repeat.
    async fn prepare_sync(&self) -> Result<(), StoreError>;

    /// Makes `orders` the documents of `keys`: writes them, then deletes every other document that
    /// has one of the keys. Returns how many it deleted. Safe to repeat after an error.
    async fn replace(&self, keys: Vec<String>, orders: Vec<Order>) -> Result<u64, StoreError>;

    /// Which of the `order_id`s are there.
    async fn known(&self, ids: Vec<OrderId>) -> Result<HashSet<OrderId>, StoreError>;

    /// What [`SyncStore::save_sync_state`] saved last.
    async fn sync_state(&self) -> Result<Option<String>, StoreError>;

    /// Saves how far the orders are, durably after every order that was written before.
    async fn save_sync_state(&self, state: String) -> Result<(), StoreError>;

    /// Takes the lease on writing until then, or extends it, if it is free at `now` or the holder's
    /// already; false if another one holds it. One step: of two that take it at once, one gets it.
    async fn take_sync_lease(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Frees the lease, if it is the holder's.
    async fn release_sync_lease(&self, holder: &str) -> Result<(), StoreError>;
}

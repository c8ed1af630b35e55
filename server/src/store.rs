//! Where the orders are.

use std::fmt::{Debug, Display};

use app::model::{Filter, OrderFilter, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::calendar::UtcWindow;
use crate::order::Order;

mod answers;
mod documents;
mod error;
mod lease;
pub mod mongo;
mod run_log;
mod span;
pub mod sqlite;
mod sync;

pub use answers::{
    Active, DELIVERED, Dimension, Group, PENDING, Position, RETURNED, SHIPPED, StatusRules, Totals,
};
pub use documents::{Documents, Piece};
pub use error::StoreError;
pub use lease::{Lease, LeaseStore};
pub use run_log::RunLog;
pub use sync::SyncStore;

/// The operational data store. Every backend gives the same answer for the same orders; the
/// contract suite in `tests/` holds them to it. Four reads answer every metric: a new metric adds
/// none. A filter's field finds the orders whose field is that text.
///
/// `Display` names the backend for people ("SQLite"), `Debug` may say where it is, without secrets.
#[async_trait]
pub trait OrderStore: Debug + Display + Send + Sync + 'static {
    /// The totals of each window, in their order and as of one moment. Windows may overlap or lie
    /// apart.
    async fn totals(
        &self,
        rules: &StatusRules,
        filter: &Filter,
        windows: &[UtcWindow],
    ) -> Result<Vec<Totals>, StoreError>;

    /// The window's sold orders by each value of `dimension` that has any, by value.
    async fn by(
        &self,
        rules: &StatusRules,
        dimension: Dimension,
        filter: &Filter,
        window: UtcWindow,
    ) -> Result<Vec<Group>, StoreError>;

    /// Pending and shipped orders of the whole store, future ones included, and how many of the
    /// pending ones were made before `older_than`.
    async fn active(
        &self,
        filter: &Filter,
        older_than: DateTime<Utc>,
    ) -> Result<Active, StoreError>;

    /// At most `limit` orders, newest first, future ones included; of the same instant the highest
    /// id first. With `after`, those that follow it. Times are in UTC.
    async fn orders(
        &self,
        filter: &OrderFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<RecentOrder>, StoreError>;

    /// Inserts the orders, replacing those with the same `order_id`. On an error a store with
    /// transactions has written none of them, another one perhaps some: writing them again is safe.
    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError>;

    /// The window's documents (see [`Order::document`]) by `created_at`, then `order_id`, as of
    /// the moment of the call where the store has snapshots. The stream holds a few pieces in
    /// memory, and ends with an error if it cannot go on.
    async fn documents(&self, window: UtcWindow) -> Result<Documents, StoreError>;

    /// The `created_at` of the oldest order that was made at `since` or later; `None` without one.
    async fn oldest_since(&self, since: DateTime<Utc>)
    -> Result<Option<DateTime<Utc>>, StoreError>;

    /// The `created_at` of the oldest order; `None` for an empty store.
    async fn oldest(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        // No order is older, see `crate::order`.
        self.oldest_since(DateTime::UNIX_EPOCH).await
    }

    /// How many documents of the whole store no metric can read (see [`Order::from_json`]). Other
    /// programs write documents, too.
    async fn unreadable(&self) -> Result<u64, StoreError>;

    /// How many `order_id`s more than one document has: figures count each of them. A store that
    /// takes an id once has none.
    async fn duplicates(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// The number of orders in the whole store, unreadable ones included.
    async fn count(&self) -> Result<u64, StoreError>;

    /// A text that changes when any program writes an order, and that costs little to ask for. Where
    /// a server tells nothing of writes, only new orders change it.
    /// Replicas should get the same text: one that differs costs a recomputation.
    async fn change_token(&self) -> Result<String, StoreError>;

    /// Whether all orders are synthetic: true for an empty store, until [`OrderStore::adopt`] or
    /// until another program has written an order.
    async fn is_demonstration(&self) -> Result<bool, StoreError>;

    /// Inserts or replaces synthetic orders as [`OrderStore::upsert`] does, but, unless
    /// `among_others`, only while the store is demonstration data; false, and nothing written, when
    /// it is not. An order that is not synthetic is never replaced.
    async fn upsert_synthetic(
        &self,
        orders: Vec<Order>,
        among_others: bool,
    ) -> Result<bool, StoreError>;

    /// From now on the orders are somebody's own. The synthetic ones that are there are removed,
    /// since mixed with others they would give wrong numbers, and can be generated again; returns
    /// how many. The second time changes nothing.
    async fn adopt(&self) -> Result<u64, StoreError>;

    /// Returns when the store has answered.
    async fn ping(&self) -> Result<(), StoreError>;
}

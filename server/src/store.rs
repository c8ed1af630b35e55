//! Where the orders are.

use std::fmt::{Debug, Display};

use app::model::{ActiveOrders, CategoryRevenue, Figures, ProductSales, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;

use crate::calendar::UtcWindow;
use crate::order::Order;

mod error;
pub mod sqlite;

pub use error::StoreError;

/// The operational data store. Every backend gives the same answer for the same orders; the
/// contract suite in `tests/` holds them to it.
///
/// `Display` names the backend for people ("SQLite"), `Debug` may say where it is, without secrets.
#[async_trait]
pub trait OrderStore: Debug + Display + Send + Sync + 'static {
    /// Revenue, orders and average per category, returned orders excluded; highest revenue first,
    /// ties by name.
    async fn category_revenue(&self, window: UtcWindow)
    -> Result<Vec<CategoryRevenue>, StoreError>;

    /// The number of orders, whatever their status, in each of `windows`, in their order. The
    /// windows follow each other without overlap.
    async fn order_counts(&self, windows: &[UtcWindow]) -> Result<Vec<u64>, StoreError>;

    /// For each window all its orders counted, and the revenue of those not returned; all windows
    /// as of one moment.
    async fn figures(&self, windows: &[UtcWindow]) -> Result<Vec<Figures>, StoreError>;

    /// Pending and shipped orders of the whole store, future ones included.
    async fn active_orders(&self) -> Result<ActiveOrders, StoreError>;

    /// The `limit` products with most units, then most revenue, then by id; returned orders
    /// excluded.
    async fn top_products(
        &self,
        window: UtcWindow,
        limit: u32,
    ) -> Result<Vec<ProductSales>, StoreError>;

    /// The `limit` newest orders of the whole store, future ones included; of the same instant
    /// the highest id first. Times are in UTC.
    async fn recent_orders(&self, limit: u32) -> Result<Vec<RecentOrder>, StoreError>;

    /// Inserts the orders, replacing those with the same `order_id`: all of them or, on an error,
    /// none.
    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError>;

    /// The window's documents (see [`Order::document`]) by `created_at`, then `order_id`, as of
    /// the moment of the call. The stream holds a bounded number of documents in memory, and ends
    /// with an error if it cannot go on.
    async fn documents(
        &self,
        window: UtcWindow,
    ) -> Result<BoxStream<'static, Result<String, StoreError>>, StoreError>;

    /// The `created_at` of the oldest order; `None` for an empty store.
    async fn oldest(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// The number of orders in the whole store.
    async fn count(&self) -> Result<u64, StoreError>;

    /// Whether the orders are synthetic: true for an empty store and until [`OrderStore::adopt`].
    async fn is_demonstration(&self) -> Result<bool, StoreError>;

    /// Inserts or replaces synthetic orders as [`OrderStore::upsert`] does, but only while the
    /// store is demonstration data; false, and nothing written, when it is not.
    async fn upsert_synthetic(&self, orders: Vec<Order>) -> Result<bool, StoreError>;

    /// From now on the orders are somebody's own. The synthetic ones that are there are removed,
    /// since mixed with others they would give wrong numbers, and can be generated again; returns
    /// how many. The second time changes nothing.
    async fn adopt(&self) -> Result<u64, StoreError>;

    /// Returns when the store has answered.
    async fn ping(&self) -> Result<(), StoreError>;
}

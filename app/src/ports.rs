//! What the server functions may ask for. The server implements these traits; nothing in this
//! crate knows what stands behind them.

use std::sync::Arc;

use async_trait::async_trait;

use crate::api::ApiError;
use crate::model::{
    ActiveOrders, ArchiveRun, ArchiveStatus, CategoryRevenue, DailyOrders, Month, ProductSales,
    RecentOrder, RefreshReport, Seen, Snapshot, Status, Today, VerifyReport, Watermark,
};

/// Whether an answer may come from the cache.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// From the cache while it lives, else computed and cached.
    Cached,
    /// Computed now, and cached for later readers.
    Fresh,
}

/// The dashboard's answers.
#[async_trait]
pub trait Dashboard: Send + Sync + 'static {
    /// Revenue per category over the last 30 days to the millisecond, highest first.
    async fn category_revenue(
        &self,
        read: Read,
    ) -> Result<Snapshot<Vec<CategoryRevenue>>, ApiError>;

    /// Orders of each of the last 7 business days, oldest first, today included.
    async fn daily_orders(&self, read: Read) -> Result<Snapshot<Vec<DailyOrders>>, ApiError>;

    /// The business day so far, and yesterday at the same time.
    async fn today(&self, read: Read) -> Result<Snapshot<Today>, ApiError>;

    /// Pending and shipped orders of the whole store.
    async fn active_orders(&self, read: Read) -> Result<Snapshot<ActiveOrders>, ApiError>;

    /// The 5 products with most units over the last 7 business days.
    async fn top_products(&self, read: Read) -> Result<Snapshot<Vec<ProductSales>>, ApiError>;

    /// The 5 newest orders.
    async fn recent_orders(&self, read: Read) -> Result<Snapshot<Vec<RecentOrder>>, ApiError>;

    /// The figures that a later [`Dashboard::refresh`] compares with.
    async fn watermark(&self, read: Read) -> Result<Watermark, ApiError>;

    /// Recomputes everything past the cache and says what differs from `seen`.
    async fn refresh(&self, seen: Option<Seen>) -> Result<RefreshReport, ApiError>;

    /// Before a page's answers are read: whether the orders are still those that the cached answers
    /// are about.
    async fn settle(&self);

    /// The state of each store. Never fails: a store that is down is an answer.
    async fn status(&self) -> Status;
}

/// The archive job.
#[async_trait]
pub trait Archive: Send + Sync + 'static {
    /// Starts to archive `month` (the running month by default), or joins the run under way,
    /// whatever its month, and returns without waiting for its end.
    async fn start(&self, month: Option<Month>) -> Result<ArchiveRun, ApiError>;

    /// The run under way and the earlier ones.
    async fn status(&self) -> Result<ArchiveStatus, ApiError>;

    /// Reads the archive of the run back and compares it with the receipt; changes nothing. An
    /// archive that is not what it was is a report, a run that there is not, or that has not
    /// succeeded, an error of kind [`ErrorKind::Invalid`](crate::api::ErrorKind).
    async fn verify(&self, run_id: &str) -> Result<VerifyReport, ApiError>;
}

/// Both ports, as the server hands them to every request.
#[derive(Clone)]
pub struct Ports {
    pub dashboard: Arc<dyn Dashboard>,
    pub archive: Arc<dyn Archive>,
}

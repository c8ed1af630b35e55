//! Cache-aside reads: implements the page's [`Dashboard`] over an order store and a cache.

use std::sync::Arc;

use app::api::ApiError;
use app::model::{
    ActiveOrders, CategoryRevenue, DailyOrders, ProductSales, RecentOrder, RefreshReport, Seen,
    Snapshot, Status, Today, Watermark,
};
use app::ports::{Dashboard, Read};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::cache::Cache;
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::store::OrderStore;

mod answers;
mod budget;
mod failure;
mod origin;
mod reader;
mod refresh;
mod slot;
mod status;
mod turn;

use origin::Origin;
use reader::Reader;
pub use status::Probes;

/// The dashboard's answers.
#[derive(Debug)]
pub struct CachedDashboard {
    reader: Arc<Reader>,
    probes: Probes,
    origin: Origin,
}

impl CachedDashboard {
    /// Answers from `store`, cached in `cache`; business days are those of `calendar`.
    pub fn new(
        store: Arc<dyn OrderStore>,
        cache: Arc<dyn Cache>,
        probes: Probes,
        clock: Arc<dyn Clock>,
        calendar: Calendar,
    ) -> Self {
        Self {
            origin: Origin::new(store.clone()),
            probes,
            reader: Arc::new(Reader {
                store,
                cache,
                clock,
                calendar,
                slots: Default::default(),
            }),
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.reader.clock.now()
    }
}

#[async_trait]
impl Dashboard for CachedDashboard {
    async fn category_revenue(
        &self,
        read: Read,
    ) -> Result<Snapshot<Vec<CategoryRevenue>>, ApiError> {
        self.category_revenue_at(read, self.now()).await
    }

    async fn daily_orders(&self, read: Read) -> Result<Snapshot<Vec<DailyOrders>>, ApiError> {
        self.daily_orders_at(read, self.now()).await
    }

    async fn today(&self, read: Read) -> Result<Snapshot<Today>, ApiError> {
        self.today_at(read, self.now()).await
    }

    async fn active_orders(&self, read: Read) -> Result<Snapshot<ActiveOrders>, ApiError> {
        self.active_orders_now(read).await
    }

    async fn top_products(&self, read: Read) -> Result<Snapshot<Vec<ProductSales>>, ApiError> {
        self.top_products_at(read, self.now()).await
    }

    async fn recent_orders(&self, read: Read) -> Result<Snapshot<Vec<RecentOrder>>, ApiError> {
        self.recent_orders_now(read).await
    }

    async fn watermark(&self, read: Read) -> Result<Watermark, ApiError> {
        let watermark = self.watermark_at(read, self.now(), None).await?;
        Ok(watermark.0)
    }

    async fn refresh(&self, seen: Option<Seen>) -> Result<RefreshReport, ApiError> {
        self.refresh_at(seen, self.now()).await
    }

    async fn settle(&self) {
        self.settle_origin().await;
    }

    async fn status(&self) -> Status {
        self.status_now().await
    }
}

//! Cache-aside reads: implements the page's [`Dashboard`] over an order store and a cache.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use app::api::ApiError;
use app::model::{
    ActiveOrders, CategoryRevenue, DailyOrders, ProductSales, RecentOrder, RefreshReport, Seen,
    Snapshot, Source, Status, Today, Watermark, Window,
};
use app::ports::{Dashboard, Read};
use async_trait::async_trait;

use crate::cache::{Cache, Cached, Key, Rows};
use crate::calendar::{Calendar, UtcWindow};
use crate::clock::Clock;
use crate::store::{OrderStore, StoreError};

mod answers;
mod failure;
mod refresh;
mod slot;
mod status;

use slot::Slot;
pub use status::Probes;

/// What a computation gives: the data, and the window that it read (`None`: the whole store).
type Computed<T> = Result<(T, Option<UtcWindow>), StoreError>;

/// The dashboard's answers.
#[derive(Debug)]
pub struct CachedDashboard {
    store: Arc<dyn OrderStore>,
    cache: Arc<dyn Cache>,
    probes: Probes,
    clock: Arc<dyn Clock>,
    calendar: Calendar,
    /// One a key.
    slots: [Slot; Key::COUNT],
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
            store,
            cache,
            probes,
            clock,
            calendar,
            slots: Default::default(),
        }
    }

    /// The answer under `key`: from the cache if `read` allows it and it is there, else computed
    /// and cached. Concurrent misses compute once; an error is not cached.
    async fn answer<T: Rows + Send>(
        &self,
        key: Key,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send,
    ) -> Result<Snapshot<T>, ApiError> {
        if read == Read::Fresh {
            return self.compute(key, read, compute).await;
        }
        if let Some(snapshot) = self.cached(key).await {
            return Ok(snapshot);
        }
        let _computing = self.slots[key as usize].computing().await;
        match self.cached(key).await {
            Some(snapshot) => Ok(snapshot),
            None => self.compute(key, read, compute).await,
        }
    }

    async fn cached<T: Rows>(&self, key: Key) -> Option<Snapshot<T>> {
        let entry = self.cache.get(key).await?;
        Some(Cached::from_entry(&entry)?.from_source(Source::Cache))
    }

    async fn compute<T: Rows + Send>(
        &self,
        key: Key,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send,
    ) -> Result<Snapshot<T>, ApiError> {
        let slot = &self.slots[key as usize];
        let computation = slot.begin();
        let started = Instant::now();
        let (data, window) = compute
            .await
            .map_err(|error| failure::of(key, read, &error))?;
        let computed = Cached {
            data,
            window: window.map(|window| self.on_the_wire(window)),
            computed_at: self.calendar.timestamp(self.clock.now()),
            took_ms: started.elapsed().as_micros() as f64 / 1_000.0,
        };
        match computed.to_entry() {
            Ok(entry) => slot.write(computation, self.cache.put(key, entry)).await,
            Err(error) => tracing::warn!(%error, key = key.name(), "an answer cannot be cached"),
        }
        Ok(computed.from_source(Source::Database))
    }

    fn on_the_wire(&self, window: UtcWindow) -> Window {
        Window {
            from: self.calendar.timestamp(window.from),
            to: self.calendar.timestamp(window.to),
        }
    }
}

#[async_trait]
impl Dashboard for CachedDashboard {
    async fn category_revenue(
        &self,
        read: Read,
    ) -> Result<Snapshot<Vec<CategoryRevenue>>, ApiError> {
        self.category_revenue_at(read, self.clock.now()).await
    }

    async fn daily_orders(&self, read: Read) -> Result<Snapshot<Vec<DailyOrders>>, ApiError> {
        self.daily_orders_at(read, self.clock.now()).await
    }

    async fn today(&self, read: Read) -> Result<Snapshot<Today>, ApiError> {
        self.today_at(read, self.clock.now()).await
    }

    async fn active_orders(&self, read: Read) -> Result<Snapshot<ActiveOrders>, ApiError> {
        self.active_orders_now(read).await
    }

    async fn top_products(&self, read: Read) -> Result<Snapshot<Vec<ProductSales>>, ApiError> {
        self.top_products_at(read, self.clock.now()).await
    }

    async fn recent_orders(&self, read: Read) -> Result<Snapshot<Vec<RecentOrder>>, ApiError> {
        self.recent_orders_now(read).await
    }

    async fn watermark(&self, read: Read) -> Result<Watermark, ApiError> {
        self.watermark_at(read, self.clock.now()).await
    }

    async fn refresh(&self, seen: Option<Seen>) -> Result<RefreshReport, ApiError> {
        self.refresh_at(seen, self.clock.now()).await
    }

    async fn status(&self) -> Status {
        self.status_now().await
    }
}

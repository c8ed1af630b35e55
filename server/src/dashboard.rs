//! Cache-aside reads: implements the page's [`Dashboard`] over an order store and a cache.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use app::api::ApiError;
use app::model::{
    ActiveOrders, CategoryRevenue, DailyOrders, ProductSales, RecentOrder, RefreshReport, Seen,
    Snapshot, Source, Status, Today, Watermark, Window,
};
use app::ports::{Dashboard, Read};
use async_trait::async_trait;
use tokio::time::timeout;

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

/// A store that takes longer for one answer is taken to be away.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

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
    /// Whether the orders were synthetic when the page last asked.
    was_demonstration: AtomicBool,
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
            was_demonstration: AtomicBool::new(false),
        }
    }

    /// The answer under `key`: from the cache if `read` allows it and it is there, else computed
    /// and cached. Concurrent misses compute once; an error is not cached. While the store is away,
    /// the last known answer.
    async fn answer<T: Rows + Send>(
        &self,
        key: Key,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send,
    ) -> Result<Snapshot<T>, ApiError> {
        if read == Read::Fresh {
            return self.compute(key, compute).await;
        }
        if let Some(snapshot) = self.cached(key).await {
            return Ok(snapshot);
        }
        let _computing = self.slots[key as usize].computing().await;
        if let Some(snapshot) = self.cached(key).await {
            return Ok(snapshot);
        }
        match self.compute(key, compute).await {
            Ok(snapshot) => Ok(snapshot),
            Err(error) => self
                .last_known(key, &error)
                .ok_or_else(|| failure::without_cached(error)),
        }
    }

    async fn cached<T: Rows>(&self, key: Key) -> Option<Snapshot<T>> {
        if self.slots[key as usize].is_outdated() {
            return None;
        }
        let cached = Cached::from_entry(&self.cache.get(key).await?)?;
        let today = self.calendar.day_of(self.clock.now());
        let is_of_another_day = cached.window.is_some_and(|window| {
            key.is_of_the_day() && self.calendar.day_of(window.to.utc()) != today
        });
        (!is_of_another_day).then(|| cached.from_source(Source::Cache))
    }

    /// The last answer that this process has computed, which says why there is no newer one.
    fn last_known<T: Rows>(&self, key: Key, error: &ApiError) -> Option<Snapshot<T>> {
        let cached = Cached::from_entry(self.slots[key as usize].last_known().as_ref()?)?;
        Some(Snapshot {
            stale_because: Some(error.message.clone()),
            ..cached.from_source(Source::StaleCache)
        })
    }

    async fn compute<T: Rows + Send>(
        &self,
        key: Key,
        compute: impl Future<Output = Computed<T>> + Send,
    ) -> Result<Snapshot<T>, ApiError> {
        let slot = &self.slots[key as usize];
        let computation = slot.begin();
        let started = Instant::now();
        let (data, window) = timeout(ANSWER_WITHIN, compute)
            .await
            .map_err(|_| failure::too_late(key, self.store.as_ref()))?
            .map_err(|error| failure::of(key, &error))?;
        let computed = Cached {
            data,
            window: window.map(|window| self.on_the_wire(window)),
            computed_at: self.calendar.timestamp(self.clock.now()),
            took_ms: started.elapsed().as_micros() as f64 / 1_000.0,
        };
        match computed.to_entry() {
            Ok(entry) => {
                let put = self.cache.put(key, entry.clone());
                slot.write(computation, &entry, put).await;
            }
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
        let watermark = self.watermark_at(read, self.clock.now(), None).await?;
        Ok(watermark.0)
    }

    async fn refresh(&self, seen: Option<Seen>) -> Result<RefreshReport, ApiError> {
        self.refresh_at(seen, self.clock.now()).await
    }

    async fn status(&self) -> Status {
        self.status_now().await
    }
}

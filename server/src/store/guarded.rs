//! An order store behind a circuit breaker: whoever asks it while it is away is told so at once.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::model::{ActiveOrders, CategoryRevenue, Figures, ProductSales, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use tokio::time::timeout;

use super::GuardedRuns;
use super::{Documents, OrderStore, StoreError};
use crate::breaker::Breaker;
use crate::calendar::UtcWindow;
use crate::order::Order;
use crate::store::RunLog;

/// A read that takes longer counts as a failure of the store, although it may go on.
const SLOW: Duration = Duration::from_secs(2);
/// And ends after so long more.
const GIVEN_UP: Duration = Duration::from_secs(8);
/// A ping that takes longer has failed.
const PING_WITHIN: Duration = Duration::from_millis(900);

/// Passes every call on. Reads that fail or are slow several times in a row open the breaker;
/// writes are not guarded, since what is lost with them is not found again.
#[derive(Clone, Debug)]
pub struct Guarded {
    store: Arc<dyn OrderStore>,
    breaker: Breaker,
}

impl Guarded {
    /// Guards `store`, which the breaker finds back by its ping.
    pub fn new(store: Arc<dyn OrderStore>) -> Self {
        let probed = store.clone();
        let breaker = Breaker::new(store.to_string(), move || {
            let store = probed.clone();
            async move { store.ping().await.is_ok() }.boxed()
        });
        Self { store, breaker }
    }

    /// The record of runs in the same database, whose reads are guarded, too.
    pub fn runs(&self, log: Arc<dyn RunLog>) -> GuardedRuns {
        let guard = self.clone();
        GuardedRuns { log, guard }
    }

    pub(super) async fn read<T>(
        &self,
        operation: &'static str,
        read: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        if !self.breaker.is_closed() {
            let store = self.store.to_string();
            return Err(StoreError::LeftAlone { store, operation });
        }
        let mut read = pin!(read);
        let result = match timeout(SLOW, &mut read).await {
            Ok(result) => result,
            Err(_) => {
                self.breaker.failed();
                let late = |_| self.late(operation);
                timeout(GIVEN_UP, read).await.map_err(late)?
            }
        };
        match &result {
            Ok(_) => self.breaker.succeeded(),
            // A store that cannot be used has answered all the same.
            Err(StoreError::Unusable { .. }) => {}
            Err(_) => self.breaker.failed(),
        }
        result
    }

    fn late(&self, operation: &'static str) -> StoreError {
        let store = self.store.to_string();
        StoreError::Late { store, operation }
    }
}

impl fmt::Display for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

#[async_trait]
impl OrderStore for Guarded {
    async fn category_revenue(
        &self,
        window: UtcWindow,
    ) -> Result<Vec<CategoryRevenue>, StoreError> {
        let read = self.store.category_revenue(window);
        self.read("category revenue", read).await
    }

    async fn order_counts(&self, windows: &[UtcWindow]) -> Result<Vec<u64>, StoreError> {
        let read = self.store.order_counts(windows);
        self.read("order counts", read).await
    }

    async fn figures(&self, windows: &[UtcWindow]) -> Result<Vec<Figures>, StoreError> {
        self.read("figures", self.store.figures(windows)).await
    }

    async fn active_orders(&self) -> Result<ActiveOrders, StoreError> {
        self.read("active orders", self.store.active_orders()).await
    }

    async fn top_products(
        &self,
        window: UtcWindow,
        limit: u32,
    ) -> Result<Vec<ProductSales>, StoreError> {
        let read = self.store.top_products(window, limit);
        self.read("top products", read).await
    }

    async fn recent_orders(&self, limit: u32) -> Result<Vec<RecentOrder>, StoreError> {
        let read = self.store.recent_orders(limit);
        self.read("recent orders", read).await
    }

    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError> {
        self.store.upsert(orders).await
    }

    async fn documents(&self, window: UtcWindow) -> Result<Documents, StoreError> {
        self.read("documents", self.store.documents(window)).await
    }

    async fn oldest_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read("oldest order", self.store.oldest_since(since))
            .await
    }

    async fn unreadable(&self) -> Result<u64, StoreError> {
        self.read("unreadable documents", self.store.unreadable())
            .await
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.read("order count", self.store.count()).await
    }

    async fn is_demonstration(&self) -> Result<bool, StoreError> {
        let read = self.store.is_demonstration();
        self.read("demonstration flag", read).await
    }

    async fn upsert_synthetic(
        &self,
        orders: Vec<Order>,
        among_others: bool,
    ) -> Result<bool, StoreError> {
        self.store.upsert_synthetic(orders, among_others).await
    }

    async fn adopt(&self) -> Result<u64, StoreError> {
        self.store.adopt().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let ping = async {
            let late = |_| self.late("ping");
            timeout(PING_WITHIN, self.store.ping())
                .await
                .map_err(late)?
        };
        self.read("ping", ping).await
    }
}

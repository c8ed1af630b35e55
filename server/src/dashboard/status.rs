//! The state of each store, as the page and the health check show it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use app::model::{SourceRole, SourceState, Status};

use tokio::time::timeout;

use super::CachedDashboard;
use super::slot::Slot;
use crate::archive::ObjectStore;
use crate::cache::Cache;
use crate::store::{OrderStore, StoreError};

/// A store that takes longer to answer a probe is down.
const PROBE_WITHIN: Duration = Duration::from_secs(1);
/// So long a probe's result is good: many pages a second are one probe.
const GOOD_FOR: Duration = Duration::from_secs(2);

/// Asks the three stores whether they are there.
#[derive(Clone, Debug)]
pub struct Probes {
    orders: Arc<dyn OrderStore>,
    cache: Arc<dyn Cache>,
    archive: Arc<dyn ObjectStore>,
    recent: moka::future::Cache<(), Vec<SourceState>>,
}

impl Probes {
    /// Probes of these three.
    pub fn new(
        orders: Arc<dyn OrderStore>,
        cache: Arc<dyn Cache>,
        archive: Arc<dyn ObjectStore>,
    ) -> Self {
        Self {
            orders,
            cache,
            archive,
            recent: moka::future::Cache::builder()
                .time_to_live(GOOD_FOR)
                .build(),
        }
    }

    /// Orders, cache, archive: how each is, at most two seconds ago.
    pub async fn states(&self) -> Vec<SourceState> {
        self.recent.get_with((), self.probe()).await
    }

    async fn probe(&self) -> Vec<SourceState> {
        let (orders, cache, archive) = futures::join!(
            probe(SourceRole::Orders, &self.orders, self.orders.ping()),
            probe(SourceRole::Cache, &self.cache, self.cache.ping()),
            probe(SourceRole::Archive, &self.archive, self.archive.ping()),
        );
        vec![orders, cache, archive]
    }
}

async fn probe<E: fmt::Display>(
    role: SourceRole,
    store: &(impl fmt::Display + ?Sized),
    ping: impl Future<Output = Result<(), E>>,
) -> SourceState {
    let started = Instant::now();
    let result = match timeout(PROBE_WITHIN, ping).await {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("does not answer in time".to_owned()),
    };
    SourceState {
        role,
        name: store.to_string(),
        latency_ms: result
            .is_ok()
            .then(|| started.elapsed().as_micros() as f64 / 1_000.0),
        error: result.err(),
    }
}

impl CachedDashboard {
    pub(super) async fn status_now(&self) -> Status {
        let (sources, demonstration) = futures::join!(
            self.probes.states(),
            timeout(PROBE_WITHIN, self.shows_synthetic_orders())
        );
        Status {
            now: self.calendar.timestamp(self.clock.now()),
            time_zone: self.calendar.zone_name().to_owned(),
            // A store that does not answer says so itself; nothing is claimed of its orders.
            demonstration: matches!(demonstration, Ok(Ok(true))),
            sources,
        }
    }

    async fn shows_synthetic_orders(&self) -> Result<bool, StoreError> {
        let is_demonstration = self.store.is_demonstration().await?;
        // Other orders have taken the place of those that the cached answers are about.
        if self
            .was_demonstration
            .swap(is_demonstration, Ordering::Relaxed)
            && !is_demonstration
        {
            self.slots.iter().for_each(Slot::forget);
        }
        Ok(is_demonstration && self.store.oldest().await?.is_some())
    }
}

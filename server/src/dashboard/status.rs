//! The state of each store, as the page and the health check show it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use app::model::{SourceRole, SourceState, Status, Trouble};

use tokio::time::timeout;

use super::CachedDashboard;
use crate::archive::{ObjectError, ObjectStore};
use crate::cache::{Cache, CacheError};
use crate::store::{OrderStore, StoreError};

/// A store that takes longer to answer a probe is down.
const PROBE_WITHIN: Duration = Duration::from_secs(1);
/// So long a probe's result is good: many pages a second are one probe.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// Documents that cannot be read are counted over the whole store, which is not for every page.
const COUNTED_FOR: Duration = Duration::from_secs(60);
/// And no page waits longer for it: the next one shows it.
const COUNTED_WITHIN: Duration = Duration::from_millis(100);

/// Asks the three stores whether they are there.
#[derive(Clone, Debug)]
pub struct Probes {
    orders: Arc<dyn OrderStore>,
    cache: Arc<dyn Cache>,
    archive: Arc<dyn ObjectStore>,
    recent: moka::future::Cache<(), Vec<SourceState>>,
    /// The last count, and whether it is time for another.
    unreadable: Arc<AtomicU64>,
    counted: moka::future::Cache<(), ()>,
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
            unreadable: Arc::default(),
            counted: moka::future::Cache::builder()
                .time_to_live(COUNTED_FOR)
                .build(),
        }
    }

    /// Orders, cache, archive: how each is, at most two seconds ago.
    pub async fn states(&self) -> Vec<SourceState> {
        self.recent.get_with((), self.probe()).await
    }

    /// How many documents no metric can read, as they were last counted; 0 before the first count.
    /// A count that fails is not tried again for as long as one that succeeds: it may be that the
    /// store takes too long for it.
    async fn unreadable(&self) -> u64 {
        let Self {
            orders,
            unreadable,
            counted,
            ..
        } = self.clone();
        let counting = tokio::spawn(async move {
            let count = async {
                if let Ok(count) = orders.unreadable().await {
                    unreadable.store(count, Ordering::Relaxed);
                }
            };
            counted.get_with((), count).await;
        });
        _ = timeout(COUNTED_WITHIN, counting).await;
        self.unreadable.load(Ordering::Relaxed)
    }

    async fn probe(&self) -> Vec<SourceState> {
        let (orders, cache, archive) = futures::join!(
            probe(
                SourceRole::Orders,
                &self.orders,
                self.orders.ping(),
                StoreError::trouble
            ),
            probe(
                SourceRole::Cache,
                &self.cache,
                self.cache.ping(),
                |error: &CacheError| error.trouble
            ),
            probe(
                SourceRole::Archive,
                &self.archive,
                self.archive.ping(),
                of_archive
            ),
        );
        vec![orders, cache, archive]
    }
}

async fn probe<E: fmt::Display>(
    role: SourceRole,
    store: &(impl fmt::Display + ?Sized),
    ping: impl Future<Output = Result<(), E>>,
    trouble: impl FnOnce(&E) -> Trouble,
) -> SourceState {
    let started = Instant::now();
    let result = match timeout(PROBE_WITHIN, ping).await {
        Ok(result) => result.map_err(|error| (trouble(&error), error.to_string())),
        Err(_) => Err((Trouble::Away, "does not answer in time".to_owned())),
    };
    let (latency_ms, failure) = match result {
        Ok(()) => (Some(started.elapsed().as_micros() as f64 / 1_000.0), None),
        Err(failure) => (None, Some(failure)),
    };
    let (trouble, error) = failure.unzip();
    SourceState {
        role,
        name: store.to_string(),
        latency_ms,
        error,
        trouble,
    }
}

fn of_archive(error: &ObjectError) -> Trouble {
    match error {
        ObjectError::Forbidden { .. }
        | ObjectError::NoBucket { .. }
        | ObjectError::Credentials { .. } => Trouble::Refused,
        _ => Trouble::Away,
    }
}

impl CachedDashboard {
    pub(super) async fn status_now(&self) -> Status {
        let calendar = self.reader.calendar;
        let (sources, demonstration, unreadable) = futures::join!(
            self.probes.states(),
            self.shows_synthetic_orders(),
            self.probes.unreadable(),
        );
        Status {
            now: calendar.timestamp(self.now()),
            time_zone: calendar.zone_name().to_owned(),
            demonstration,
            unreadable,
            sources,
        }
    }
}

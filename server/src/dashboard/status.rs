//! The state of each store, as the page and the health check show it.

use std::sync::Arc;
use std::time::Duration;

use app::model::{SourceRole, SourceState, Status, Trouble};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use tokio::time::{Instant, timeout};

use super::CachedDashboard;
use super::recent::Recent;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::objects::ObjectStore;
use crate::store::{OrderStore, StoreError, SyncStore};
use crate::sync::State;

/// A store that takes longer to answer a ping is slow.
const SLOW: Duration = Duration::from_secs(1);
/// A store that has not answered a ping by then is down. Stores give up by themselves before.
const DOWN: Duration = Duration::from_secs(12);
/// How long a ping's result is good: many pages a second are one ping.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// How long a count of unreadable documents is good. It reads the whole store.
pub(super) const COUNTED_FOR: Duration = Duration::from_secs(60);
/// How long a count of order ids in several documents is good. Without the unique index it sorts
/// the whole store.
const DUPLICATES_FOR: Duration = Duration::from_secs(600);
/// How long a page waits for a count. The next page shows it.
pub(super) const COUNTED_WITHIN: Duration = Duration::from_millis(100);

/// Asks the three stores whether they are there.
#[derive(Clone, Debug)]
pub struct Probes {
    orders: Arc<dyn OrderStore>,
    cache: Arc<dyn Cache>,
    archive: Arc<dyn ObjectStore>,
    sync: Arc<dyn SyncStore>,
    clock: Arc<dyn Clock>,
    /// Orders, cache, archive.
    pings: Arc<[Recent<SourceState>; 3]>,
    /// How many documents no metric can read, and how many order ids several documents have;
    /// `None` where that could not be counted.
    unreadable: Arc<Recent<Option<u64>>>,
    duplicates: Arc<Recent<Option<u64>>>,
    /// How far the orders are from where they come from; `None` where no sync brings them.
    order_source: Arc<Recent<Option<State>>>,
}

/// What a failed ping says.
type Failure = (Trouble, String);

impl Probes {
    /// Probes of these three.
    pub fn new(
        orders: Arc<dyn OrderStore>,
        cache: Arc<dyn Cache>,
        archive: Arc<dyn ObjectStore>,
        sync: Arc<dyn SyncStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            orders,
            cache,
            archive,
            sync,
            clock,
            pings: Arc::default(),
            unreadable: Arc::default(),
            duplicates: Arc::default(),
            order_source: Arc::default(),
        }
    }

    /// Orders, cache, archive: how each is, at most two seconds ago.
    pub async fn states(&self) -> Vec<SourceState> {
        let roles = [SourceRole::Orders, SourceRole::Cache, SourceRole::Archive];
        let states = roles.into_iter().zip(self.pings.iter());
        join_all(states.map(|(role, ping)| self.state(role, ping))).await
    }

    async fn state(&self, role: SourceRole, ping: &Recent<SourceState>) -> SourceState {
        let (name, answer) = self.ping(role);
        let asking = asked(role, name.clone(), answer);
        let state = ping.get(GOOD_FOR, SLOW, self.clock.now(), asking).await;
        state.unwrap_or_else(|_| slow(role, name))
    }

    /// The store's name, and what it answers to a ping.
    fn ping(&self, role: SourceRole) -> (String, BoxFuture<'static, Result<(), Failure>>) {
        let Self {
            orders,
            cache,
            archive,
            ..
        } = self.clone();
        let name = match role {
            SourceRole::Orders => orders.to_string(),
            SourceRole::Cache => cache.to_string(),
            SourceRole::Archive => archive.to_string(),
        };
        let answer = async move {
            match role {
                SourceRole::Orders => {
                    let answer = orders.ping().await;
                    answer.map_err(|error| (error.trouble(), error.to_string()))
                }
                SourceRole::Cache => {
                    let answer = cache.ping().await;
                    answer.map_err(|error| (error.trouble, error.words))
                }
                SourceRole::Archive => {
                    let answer = archive.ping().await;
                    answer.map_err(|error| (error.trouble(), error.to_string()))
                }
            }
        };
        (name, answer.boxed())
    }

    /// How far the orders are, as it was last saved.
    pub(super) async fn order_source(&self) -> Option<State> {
        let before = self.order_source.last().flatten();
        let (sync, last) = (self.sync.clone(), before.clone());
        let reading = async move { State::load(sync.as_ref()).await.unwrap_or(last) };
        let now = self.clock.now();
        let read = self
            .order_source
            .get(GOOD_FOR, COUNTED_WITHIN, now, reading);
        read.await.unwrap_or(before)
    }

    /// How many documents no metric can read, as they were last counted. A count that fails is not
    /// tried again for as long as one that succeeds: the store may take too long for it.
    async fn unreadable(&self) -> Option<u64> {
        let orders = self.orders.clone();
        let count = async move { orders.unreadable().await };
        self.count(&self.unreadable, COUNTED_FOR, count).await
    }

    /// How many order ids more than one document has, likewise.
    async fn duplicates(&self) -> Option<u64> {
        let orders = self.orders.clone();
        let count = async move { orders.duplicates().await };
        self.count(&self.duplicates, DUPLICATES_FOR, count).await
    }

    async fn count(
        &self,
        counted: &Recent<Option<u64>>,
        ttl: Duration,
        count: impl Future<Output = Result<u64, StoreError>> + Send + 'static,
    ) -> Option<u64> {
        let before = counted.last().flatten();
        let count = async move { count.await.ok().or(before) };
        let count = counted.get(ttl, COUNTED_WITHIN, self.clock.now(), count);
        count.await.unwrap_or(before)
    }
}

async fn asked(
    role: SourceRole,
    name: String,
    answer: BoxFuture<'static, Result<(), Failure>>,
) -> SourceState {
    let started = Instant::now();
    let answer = timeout(DOWN, answer).await;
    let late = (Trouble::Away, "does not answer in time".to_owned());
    match answer.unwrap_or(Err(late)) {
        Ok(()) => {
            let took = started.elapsed();
            SourceState {
                latency_ms: Some(took.as_micros() as f64 / 1_000.0),
                trouble: (took > SLOW).then_some(Trouble::Slow),
                ..slow(role, name)
            }
        }
        Err((trouble, error)) => SourceState {
            error: Some(error),
            trouble: Some(trouble),
            ..slow(role, name)
        },
    }
}

/// A store that has not answered yet. It is not down for that.
fn slow(role: SourceRole, name: String) -> SourceState {
    SourceState {
        role,
        name,
        latency_ms: None,
        error: None,
        trouble: Some(Trouble::Slow),
    }
}

impl CachedDashboard {
    pub(super) async fn status_now(&self) -> Status {
        let calendar = self.reader.calendar;
        let (sources, demonstration, unreadable, duplicates, unknown_statuses, order_source) = futures::join!(
            self.probes.states(),
            self.shows_synthetic_orders(),
            self.probes.unreadable(),
            self.probes.duplicates(),
            self.unknown_statuses(),
            self.probes.order_source(),
        );
        let now = calendar.timestamp(self.now());
        Status {
            now,
            time_zone: calendar.zone_name().to_owned(),
            demonstration,
            unreadable,
            duplicates,
            unknown_statuses,
            sources,
            order_source: order_source.map(|state| state.shown(now)),
        }
    }
}

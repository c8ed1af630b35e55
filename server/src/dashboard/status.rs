//! The state of each store, as the page and the health check show it.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::model::{SourceRole, SourceState, Status, Trouble};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use tokio::time::{Instant, timeout};

use super::CachedDashboard;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::objects::{ObjectError, ObjectStore};
use crate::single_flight::{SingleFlight, Unanswered};
use crate::store::{OrderStore, StoreError};

/// A store that takes longer to answer a ping is slow.
const SLOW: Duration = Duration::from_secs(1);
/// A store that has not answered a ping by then is down. Stores give up by themselves before.
const DOWN: Duration = Duration::from_secs(12);
/// How long a ping's result is good: many pages a second are one ping.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// How long a count of unreadable documents is good. It reads the whole store.
const COUNTED_FOR: Duration = Duration::from_secs(60);
/// How long a page waits for the count. The next page shows it.
const COUNTED_WITHIN: Duration = Duration::from_millis(100);

/// Asks the three stores whether they are there.
#[derive(Clone, Debug)]
pub struct Probes {
    orders: Arc<dyn OrderStore>,
    cache: Arc<dyn Cache>,
    archive: Arc<dyn ObjectStore>,
    clock: Arc<dyn Clock>,
    pings: Arc<[Ping; 3]>,
    unreadable: Arc<Unreadable>,
}

/// One store's ping, and its last result.
#[derive(Debug, Default)]
struct Ping {
    asking: SingleFlight<SourceState>,
    last: Mutex<Option<(SourceState, Instant)>>,
}

/// The count of documents that no metric can read.
#[derive(Debug, Default)]
struct Unreadable {
    counting: SingleFlight<()>,
    count: AtomicU64,
    counted: Mutex<Option<Instant>>,
}

/// What a failed ping says.
type Failure = (Trouble, String);

impl Probes {
    /// Probes of these three.
    pub fn new(
        orders: Arc<dyn OrderStore>,
        cache: Arc<dyn Cache>,
        archive: Arc<dyn ObjectStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            orders,
            cache,
            archive,
            clock,
            pings: Arc::default(),
            unreadable: Arc::default(),
        }
    }

    /// Orders, cache, archive: how each is, at most two seconds ago.
    pub async fn states(&self) -> Vec<SourceState> {
        let roles = [SourceRole::Orders, SourceRole::Cache, SourceRole::Archive];
        let states = roles.into_iter().zip(self.pings.iter());
        join_all(states.map(|(role, ping)| self.state(role, ping))).await
    }

    async fn state(&self, role: SourceRole, ping: &Ping) -> SourceState {
        if let Some((state, at)) = lock(&ping.last).clone()
            && at.elapsed() < GOOD_FOR
        {
            return state;
        }
        let name = self.name(role);
        let (pings, answer) = (self.pings.clone(), self.ping(role));
        let asked = ping.asking.join(self.clock.now(), async move {
            let state = asked(role, name, answer).await;
            *lock(&pings[role as usize].last) = Some((state.clone(), Instant::now()));
            state
        });
        match asked.wait(SLOW).await {
            Ok(state) => state,
            Err(Unanswered::UnderWay) => slow(role, self.name(role)),
            Err(Unanswered::Broken) => {
                let failure = "the ping failed in this server".to_owned();
                down(role, self.name(role), (Trouble::Away, failure))
            }
        }
    }

    fn name(&self, role: SourceRole) -> String {
        match role {
            SourceRole::Orders => self.orders.to_string(),
            SourceRole::Cache => self.cache.to_string(),
            SourceRole::Archive => self.archive.to_string(),
        }
    }

    fn ping(&self, role: SourceRole) -> BoxFuture<'static, Result<(), Failure>> {
        fn failure<E: Display>(error: E, trouble: impl FnOnce(&E) -> Trouble) -> Failure {
            (trouble(&error), error.to_string())
        }
        let Self {
            orders,
            cache,
            archive,
            ..
        } = self.clone();
        async move {
            match role {
                SourceRole::Orders => {
                    let answer = orders.ping().await;
                    answer.map_err(|error| failure(error, StoreError::trouble))
                }
                SourceRole::Cache => {
                    let answer = cache.ping().await;
                    answer.map_err(|error| failure(error, |error| error.trouble))
                }
                SourceRole::Archive => {
                    let answer = archive.ping().await;
                    answer.map_err(|error| failure(error, ObjectError::trouble))
                }
            }
        }
        .boxed()
    }

    /// How many documents no metric can read, as they were last counted; 0 before the first count.
    /// A count that fails is not tried again for as long as one that succeeds: the store may take
    /// too long for it.
    async fn unreadable(&self) -> u64 {
        let due = lock(&self.unreadable.counted).is_none_or(|at| at.elapsed() >= COUNTED_FOR);
        if due {
            let (orders, unreadable) = (self.orders.clone(), self.unreadable.clone());
            let counting = self.unreadable.counting.join(self.clock.now(), async move {
                if let Ok(count) = orders.unreadable().await {
                    unreadable.count.store(count, Ordering::Relaxed);
                }
                *lock(&unreadable.counted) = Some(Instant::now());
            });
            _ = counting.wait(COUNTED_WITHIN).await;
        }
        self.unreadable.count.load(Ordering::Relaxed)
    }
}

async fn asked(
    role: SourceRole,
    name: String,
    answer: BoxFuture<'static, Result<(), Failure>>,
) -> SourceState {
    let started = Instant::now();
    let late = || (Trouble::Away, "does not answer in time".to_owned());
    let answer = timeout(DOWN, answer).await;
    match answer.unwrap_or_else(|_| Err(late())) {
        Ok(()) => {
            let took = started.elapsed();
            SourceState {
                latency_ms: Some(took.as_micros() as f64 / 1_000.0),
                trouble: (took > SLOW).then_some(Trouble::Slow),
                ..slow(role, name)
            }
        }
        Err(failure) => down(role, name, failure),
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

fn down(role: SourceRole, name: String, (trouble, error): Failure) -> SourceState {
    SourceState {
        error: Some(error),
        trouble: Some(trouble),
        ..slow(role, name)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

//! Cache-aside: from the cache, else from the store, and then into the cache.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::api::ApiError;
use app::model::{Snapshot, Source, Window};
use app::ports::Read;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::timeout;

use super::budget::Budget;
use super::failure;
use super::slot::{Answer, Flight, Slot};
use super::slots::Slots;
use super::turn::Turn;
use crate::cache::{Cache, Cached, Key, Rows};
use crate::calendar::{Calendar, UtcWindow};
use crate::clock::Clock;
use crate::store::{OrderStore, StoreError};

/// Nobody waits longer for an answer; who computes it may go on.
const ANSWER_WITHIN: Duration = Duration::from_millis(2_500);

/// While the cache is away, one computation serves all readers of so long: without it every page
/// would be as many queries as it has panels.
const WITHOUT_CACHE: Duration = Duration::from_secs(5);

/// And of so long again, while the next answer is computed behind their backs.
const MEANWHILE: Duration = Duration::from_secs(5);

/// What can be an answer.
pub trait Data: Rows + Clone + Send + Sync + 'static {}
impl<T: Rows + Clone + Send + Sync + 'static> Data for T {}

/// What a computation gives: the data, and the window that it read (`None`: the whole store).
pub type Computed<T> = Result<(T, Option<UtcWindow>), StoreError>;

/// A computation that has not begun.
type Compute<T> = BoxFuture<'static, Computed<T>>;

/// What every answer is read with.
#[derive(Debug)]
pub struct Reader {
    pub store: Arc<dyn OrderStore>,
    pub cache: Arc<dyn Cache>,
    pub clock: Arc<dyn Clock>,
    pub calendar: Calendar,
    pub slots: Slots,
}

impl Reader {
    /// The answer under `key`: from the cache if `read` allows it and it is there, else computed
    /// and cached. Concurrent misses compute once, over all replicas while the cache answers; an
    /// error is not cached. While the store is away, the last known answer.
    pub async fn answer<T: Data>(
        self: &Arc<Self>,
        key: Key,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send + 'static,
    ) -> Result<Snapshot<T>, ApiError> {
        if read == Read::Fresh {
            let computing = tokio::spawn(self.clone().compute(
                key.clone(),
                compute.boxed(),
                Budget::new(),
            ));
            let computing = async {
                let answer: Answer = computing.await.map_err(|_| failure::fault())??;
                Ok((answer, Source::Database))
            };
            return self.waited_for(&key, computing).await;
        }
        let join = || {
            let slot = self.slots.of(&key);
            slot.join(|computing| self.depart(key.clone(), compute.boxed(), computing))
        };
        if let Some((known, age)) = self.without_cache(&key)
            && age <= WITHOUT_CACHE + MEANWHILE
        {
            if age > WITHOUT_CACHE {
                tokio::spawn(join());
            }
            return Ok(snapshot(&known, Source::Database));
        }
        self.waited_for(&key, join()).await.or_else(|error| {
            self.last_known(&key, &error)
                .ok_or_else(|| failure::without_cached(error))
        })
    }

    async fn waited_for<T: Data>(
        &self,
        key: &Key,
        computing: impl Future<Output = Result<(Answer, Source), ApiError>>,
    ) -> Result<Snapshot<T>, ApiError> {
        let (answer, source) = timeout(ANSWER_WITHIN, computing)
            .await
            .map_err(|_| failure::too_late(key, self.store.as_ref()))??;
        let answer: Arc<Cached<T>> = answer.downcast().map_err(|_| failure::fault())?;
        Ok(snapshot(&answer, source))
    }

    /// What the cache has, unless it is not for now.
    pub async fn cached<T: Data>(&self, key: &Key, budget: &mut Budget) -> Option<Arc<Cached<T>>> {
        let slot = self.slots.of(key);
        if slot.is_outdated() || !self.cache.is_up() {
            return None;
        }
        let entry = budget.spend(self.cache.get(key)).await??;
        let cached = Cached::from_entry(&entry)?;
        if self.is_of_another_day(key, &cached) {
            return None;
        }
        slot.found(&cached);
        Some(Arc::new(cached))
    }

    fn is_of_another_day<T>(&self, key: &Key, answer: &Cached<T>) -> bool {
        let today = self.calendar.day_of(self.clock.now());
        key.is_of_the_day()
            && answer
                .window
                .is_some_and(|window| self.calendar.day_of(window.to.utc()) != today)
    }

    /// While the cache is away: what was last computed here, and how long ago.
    fn without_cache<T: Data>(&self, key: &Key) -> Option<(Arc<Cached<T>>, Duration)> {
        if self.cache.is_up() {
            return None;
        }
        let (known, age) = self.slots.of(key).computed_here()?;
        (!self.is_of_another_day(key, &known)).then_some((known, age))
    }

    /// What all who want `key` now wait for: one look into the cache, and if nothing is there, one
    /// computation. That is a task of its own: it goes on when they do not wait any longer, and
    /// its answer is there for the next one. The look is none, for it would take longer then.
    fn depart<T: Data>(
        self: &Arc<Self>,
        key: Key,
        compute: Compute<T>,
        computing: Arc<AtomicBool>,
    ) -> Flight {
        let reader = self.clone();
        let flight = async move {
            let mut budget = Budget::new();
            if let Some(cached) = reader.cached::<T>(&key, &mut budget).await {
                reader.slots.of(&key).land();
                return Ok((cached as Answer, Source::Cache));
            }
            computing.store(true, Ordering::Relaxed);
            let task = tokio::spawn(async move {
                let _landing = Landing(reader.slots.of(&key));
                let (answer, source) = reader.clone().fill(key, compute, budget).await?;
                Ok((answer as Answer, source))
            });
            task.await.unwrap_or_else(|_| Err(failure::fault()))
        };
        flight.boxed().shared()
    }

    /// Computes for everybody, if nobody else does.
    async fn fill<T: Data>(
        self: Arc<Self>,
        key: Key,
        compute: Compute<T>,
        mut budget: Budget,
    ) -> Result<(Arc<Cached<T>>, Source), ApiError> {
        if let Some((known, age)) = self.without_cache(&key)
            && age <= WITHOUT_CACHE
        {
            return Ok((known, Source::Database));
        }
        match self.turn(&key, &mut budget).await {
            Turn::Found(found) => Ok((found, Source::Cache)),
            Turn::Compute(claim) => {
                let answer = self.clone().compute(key.clone(), compute, budget).await;
                if let Some(token) = claim {
                    self.release(&key, token);
                }
                Ok((answer?, Source::Database))
            }
        }
    }

    /// Asks the store, and puts what it says into the cache.
    async fn compute<T: Data>(
        self: Arc<Self>,
        key: Key,
        compute: Compute<T>,
        mut budget: Budget,
    ) -> Result<Arc<Cached<T>>, ApiError> {
        let slot = self.slots.of(&key);
        let computation = slot.begin();
        let started = Instant::now();
        let (data, window) = compute.await.map_err(|error| failure::of(&key, &error))?;
        let computed = Arc::new(Cached {
            data,
            window: window.map(|window| self.on_the_wire(window)),
            computed_at: self.calendar.timestamp(self.clock.now()),
            took_ms: started.elapsed().as_micros() as f64 / 1_000.0,
        });
        match computed.to_entry() {
            Ok(entry) => {
                let (reader, answer) = (self.clone(), computed.clone());
                let write = tokio::spawn(async move {
                    let put = reader.cache.put(&key, entry);
                    slot.write(computation, &answer, put).await;
                });
                // A slow cache is written to behind the reader's back.
                _ = budget.spend(write).await;
            }
            Err(error) => tracing::warn!(%error, key = key.name(), "an answer cannot be cached"),
        }
        Ok(computed)
    }

    /// The last answer that this process has seen, which says why there is no newer one.
    fn last_known<T: Data>(&self, key: &Key, error: &ApiError) -> Option<Snapshot<T>> {
        let known = self.slots.of(key).last_known()?;
        Some(Snapshot {
            stale_because: Some(error.message.clone()),
            ..snapshot(&known, Source::StaleCache)
        })
    }

    fn on_the_wire(&self, window: UtcWindow) -> Window {
        Window {
            from: self.calendar.timestamp(window.from),
            to: self.calendar.timestamp(window.to),
        }
    }
}

/// The answer as it was found at `source`.
fn snapshot<T: Clone>(answer: &Cached<T>, source: Source) -> Snapshot<T> {
    answer.clone().from_source(source)
}

/// Ends a flight however its task ends.
struct Landing(Arc<Slot>);

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.land();
    }
}

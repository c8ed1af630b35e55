//! Cache-aside: from the cache, else from the store, and then into the cache.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::api::ApiError;
use app::model::{Snapshot, Source, Window};
use app::ports::Read;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::budget::Budget;
use super::failure;
use super::slot::{Answer, Outcome, Slot};
use super::slots::Slots;
use super::turn::{Claimed, Step, Turn};
use crate::cache::{Cache, Cached, Key, Rows};
use crate::calendar::{Calendar, UtcWindow};
use crate::clock::Clock;
use crate::single_flight::Unanswered;
use crate::store::{OrderStore, StoreError};

/// How long a reader waits for a computation. A page, with what else it has to ask, then takes
/// 2.5 s at most.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// How long a computation may take. Nobody waits for it as long, but its answer is shown when it
/// is there.
const COMPUTED_WITHIN: Duration = Duration::from_secs(30);

/// How long one computation serves all readers while the cache is away: without it every page would
/// be as many queries as it has panels.
const WITHOUT_CACHE: Duration = Duration::from_secs(5);

/// What can be an answer.
pub trait Data: Rows + Serialize + DeserializeOwned + Clone + Send + Sync + 'static {}
impl<T: Rows + Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Data for T {}

/// What a computation gives: the data, and the window that it read (`None`: the whole store).
pub type Computed<T> = Result<(T, Option<UtcWindow>), StoreError>;

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
    /// and cached. A key is computed once at a time, over all replicas while the cache answers: a
    /// cached read joins the computation under way, and a fresh one waits for it and then begins
    /// its own, which it shares with all other fresh ones. An error is not cached.
    ///
    /// A cached read gives the last known answer while the store is away, and while the next one
    /// is computed that does not come in time.
    pub async fn answer<T: Data>(
        self: &Arc<Self>,
        key: Key,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send + 'static,
    ) -> Result<Snapshot<T>, ApiError> {
        let slot = self.slots.of(&key);
        let mut budget = Budget::new();
        if read == Read::Cached {
            if let Some(known) = self.without_cache(&key, &slot) {
                return Ok(known.snapshot(Source::Database));
            }
            if let Some(found) = self.cached(&key, &slot, &mut budget).await {
                return Ok(self.found(&slot, &found));
            }
            if let Some(error) = slot.tell_failure() {
                return last_known(&slot, error);
            }
        }
        let (reader, of) = (self.clone(), slot.clone());
        let compute = async move {
            let outcome = reader.compute(key, &of, read, compute, budget).await;
            if let Err(error) = &outcome {
                of.failed(error);
            }
            outcome
        };
        let now = self.clock.now();
        let flight = match read {
            Read::Cached => slot.computations.join(now, compute),
            Read::Fresh => slot.computations.join_next(now, compute),
        };
        let since = flight.since();
        match flight.wait(ANSWER_WITHIN).await {
            Ok(Ok((answer, source))) => {
                let answer: Arc<Cached<T>> = answer.downcast().map_err(|_| failure::fault())?;
                Ok(answer.snapshot(source))
            }
            Ok(Err(error)) => {
                slot.tell_failure();
                match read {
                    Read::Cached => last_known(&slot, error),
                    Read::Fresh => Err(error),
                }
            }
            Err(Unanswered::UnderWay) => match slot.last_known() {
                Some(known) if read == Read::Cached => Ok(self.computing(&known, since)),
                _ => Err(ApiError::computing(self.calendar.timestamp(since))),
            },
            Err(Unanswered::Broken) => Err(failure::fault()),
        }
    }

    /// What the cache has, unless it is not for now.
    async fn cached<T: Data>(
        &self,
        key: &Key,
        slot: &Slot,
        budget: &mut Budget,
    ) -> Option<Arc<Cached<T>>> {
        if !self.cache.is_up() {
            return None;
        }
        let entry = budget.spend(self.cache.get(key)).await??;
        let cached = Arc::new(Cached::from_entry(&entry)?);
        if self.is_of_another_day(key, &cached) {
            return None;
        }
        slot.found(&cached);
        Some(cached)
    }

    fn is_of_another_day<T>(&self, key: &Key, answer: &Cached<T>) -> bool {
        let today = self.calendar.day_of(self.clock.now());
        key.is_of_the_day()
            && answer
                .window
                .is_some_and(|window| self.calendar.day_of(window.to.utc()) != today)
    }

    /// While the cache is away: what was computed here a moment ago.
    fn without_cache<T: Data>(&self, key: &Key, slot: &Slot) -> Option<Arc<Cached<T>>> {
        if self.cache.is_up() {
            return None;
        }
        let (known, age) = slot.computed_here()?;
        (age <= WITHOUT_CACHE && !self.is_of_another_day(key, &known)).then_some(known)
    }

    /// A cached answer. While a refresh that others have given up waiting for computes the next
    /// one, it says so.
    fn found<T: Data>(&self, slot: &Slot, found: &Cached<T>) -> Snapshot<T> {
        let refresh = slot.computations.under_way().filter(|flight| {
            flight.age() > ANSWER_WITHIN && found.computed_at.utc() <= flight.since()
        });
        match refresh {
            Some(refresh) => self.computing(found, refresh.since()),
            None => found.snapshot(Source::Cache),
        }
    }

    /// An older answer, while the next one is being computed.
    fn computing<T: Clone>(&self, known: &Cached<T>, since: DateTime<Utc>) -> Snapshot<T> {
        let since = self.calendar.timestamp(since);
        Snapshot {
            stale_because: Some(ApiError::computing(since).message),
            computing_since: Some(since),
            ..known.snapshot(Source::StaleCache)
        }
    }

    /// Computes for everybody, unless another replica has the answer first.
    async fn compute<T: Data>(
        self: Arc<Self>,
        key: Key,
        slot: &Arc<Slot>,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send,
        mut budget: Budget,
    ) -> Outcome {
        let mut turn = Turn::new(self.cache.clone(), key.clone());
        let claimed = loop {
            let step = turn.ask(&mut budget).await;
            // It may have been computed since this reader has looked.
            if read == Read::Cached {
                if let Some(known) = self.without_cache::<T>(&key, slot) {
                    return Ok((known, Source::Database));
                }
                if let Some(found) = self.cached::<T>(&key, slot, &mut budget).await {
                    return Ok((found, Source::Cache));
                }
            }
            match step {
                Step::Ours(claimed) => break Some(claimed),
                Step::Alone => break None,
                Step::Theirs => {}
            }
        };
        let started = Instant::now();
        let (data, window) = timeout(COMPUTED_WITHIN, compute)
            .await
            .map_err(|_| failure::too_late(&key, self.store.as_ref()))?
            .map_err(|error| failure::of(&key, &error))?;
        let computed = Arc::new(Cached {
            data,
            window: window.map(|window| self.on_the_wire(window)),
            computed_at: self.calendar.timestamp(self.clock.now()),
            took_ms: started.elapsed().as_micros() as f64 / 1_000.0,
        });
        slot.computed(&computed);
        self.write(key, slot.clone(), &computed, claimed, budget)
            .await;
        Ok((computed as Answer, Source::Database))
    }

    /// Puts `answer` into the cache. A slow cache is written to while the reader goes on.
    async fn write<T: Data>(
        &self,
        key: Key,
        slot: Arc<Slot>,
        answer: &Cached<T>,
        claimed: Option<Claimed>,
        mut budget: Budget,
    ) {
        let entry = match answer.to_entry() {
            Ok(entry) => entry,
            Err(error) => {
                tracing::warn!(%error, key = key.name(), "an answer cannot be cached");
                return;
            }
        };
        let writing = slot.writing.clone().lock_owned().await;
        let cache = self.cache.clone();
        let write = tokio::spawn(async move {
            cache.put(&key, entry).await;
            drop((writing, claimed));
        });
        _ = budget.spend(write).await;
    }

    fn on_the_wire(&self, window: UtcWindow) -> Window {
        Window {
            from: self.calendar.timestamp(window.from),
            to: self.calendar.timestamp(window.to),
        }
    }
}

/// The last answer that this process has seen, which says why there is no newer one.
fn last_known<T: Data>(slot: &Slot, error: ApiError) -> Result<Snapshot<T>, ApiError> {
    match slot.last_known() {
        Some(known) => Ok(Snapshot {
            stale_because: Some(error.message),
            ..known.snapshot(Source::StaleCache)
        }),
        None => Err(failure::without_cached(error)),
    }
}

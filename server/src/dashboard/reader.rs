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
use tokio::time::{sleep, timeout};

use super::budget::Budget;
use super::failure;
use super::slot::{Answer, Outcome, Slot};
use super::slots::Slots;
use super::turn::{Claimed, POLL_INTERVAL, Turn};
use crate::cache::{Cache, Cached, Key, Rows};
use crate::calendar::{Calendar, UtcWindow};
use crate::clock::Clock;
use crate::single_flight::Unanswered;
use crate::store::{OrderStore, StatusRules, StoreError};

/// How long a reader waits for a computation. A page, with what else it has to ask, then takes
/// 2.5 s at most.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// How long a computation may take. Nobody waits for it as long, but its answer is shown when it
/// is there.
const COMPUTED_WITHIN: Duration = Duration::from_secs(30);

/// How long one computation serves all readers while the cache is away: without it every page would
/// be as many queries as it has panels.
pub const WITHOUT_CACHE: Duration = Duration::from_secs(5);

/// What can be an answer.
pub trait Data: Rows + Serialize + DeserializeOwned + Clone + Send + Sync + 'static {}
impl<T: Rows + Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Data for T {}

/// What a computation gives: the data, and the window that it read (`None`: the whole store).
pub type Computed<T> = Result<(T, Option<UtcWindow>), StoreError>;

/// What every answer is read with.
#[derive(Debug)]
pub struct Reader {
    pub store: Arc<dyn OrderStore>,
    pub rules: StatusRules,
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
    /// A cached read gives the last known answer while the store is away or slow.
    pub async fn answer<T: Data>(
        self: &Arc<Self>,
        key: Key,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send + 'static,
    ) -> Result<Snapshot<T>, ApiError> {
        let slot = self.slots.of(&key);
        let mut budget = Budget::new();
        if read == Read::Cached {
            if let Some((known, source)) = self.known(&key, &slot, &mut budget).await {
                return Ok(self.shown(&slot, &known, source));
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

    /// What need not be computed: what the cache has or, while it is away, what was computed here a
    /// moment ago.
    async fn known<T: Data>(
        &self,
        key: &Key,
        slot: &Slot,
        budget: &mut Budget,
    ) -> Option<(Arc<Cached<T>>, Source)> {
        let (known, source) = if self.cache.is_up() {
            let entry = budget.spend(self.cache.get(key)).await??;
            (Arc::new(Cached::from_entry(&entry)?), Source::Cache)
        } else {
            let (known, age) = slot.computed_here()?;
            (age <= WITHOUT_CACHE).then_some((known, Source::Database))?
        };
        if self.is_of_another_day(key, &known) {
            return None;
        }
        slot.found(&known);
        Some((known, source))
    }

    fn is_of_another_day<T>(&self, key: &Key, answer: &Cached<T>) -> bool {
        let today = self.calendar.day_of(self.clock.now());
        key.is_of_the_day()
            && answer
                .window
                .is_some_and(|window| self.calendar.day_of(window.to.utc()) != today)
    }

    /// An answer that need not be computed. While a refresh that others have given up waiting for
    /// computes the next one, it says so.
    fn shown<T: Data>(&self, slot: &Slot, known: &Cached<T>, source: Source) -> Snapshot<T> {
        let refresh = slot.computations.under_way().filter(|flight| {
            flight.age() > ANSWER_WITHIN && known.computed_at.utc() <= flight.since()
        });
        match refresh {
            Some(refresh) => self.computing(known, refresh.since()),
            None => known.snapshot(source),
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
        slot: &Slot,
        read: Read,
        compute: impl Future<Output = Computed<T>> + Send,
        mut budget: Budget,
    ) -> Outcome {
        let claimed = loop {
            let turn = Turn::ask(&self.cache, &key, &mut budget).await;
            // It may have been computed since this reader has looked.
            if read == Read::Cached
                && let Some((known, source)) = self.known::<T>(&key, slot, &mut budget).await
            {
                return Ok((known, source));
            }
            match turn {
                Turn::Ours(claimed) => break Some(claimed),
                Turn::Alone => break None,
                Turn::Theirs => {
                    sleep(POLL_INTERVAL).await;
                    // We wait for the database; the cache has answered.
                    budget = Budget::new();
                }
            }
        };
        let started = Instant::now();
        let computed = timeout(COMPUTED_WITHIN, compute).await.map_err(|_| {
            let store = self.store.to_string();
            let operation = "computing an answer";
            StoreError::Late { store, operation }
        });
        let computed = computed.flatten();
        let (data, window) = computed.map_err(|error| failure::of(&key, &error))?;
        let computed = Arc::new(Cached {
            data,
            window: window.map(|window| Window {
                from: self.calendar.timestamp(window.from),
                to: self.calendar.timestamp(window.to),
            }),
            computed_at: self.calendar.timestamp(self.clock.now()),
            took_ms: started.elapsed().as_micros() as f64 / 1_000.0,
        });
        slot.computed(&computed);
        self.write(key, slot, &computed, claimed, budget).await;
        Ok((computed as Answer, Source::Database))
    }

    /// Puts `answer` into the cache. A slow cache is written to while the reader goes on.
    async fn write<T: Data>(
        &self,
        key: Key,
        slot: &Slot,
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

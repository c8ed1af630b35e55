//! What the readers of one key share.

use std::any::Any;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{Source, Timestamp};
use futures::future::{BoxFuture, Shared};
use tokio::time::Instant;

use crate::cache::Cached;

/// An answer of the key's type, [`Cached<T>`].
pub type Answer = Arc<dyn Any + Send + Sync>;

/// A computation that several readers wait for, and where its answer was found.
pub type Flight = Shared<BoxFuture<'static, Result<(Answer, Source), ApiError>>>;

/// One key's computations and what is known of it. The mutexes are of std where nothing awaits
/// under them.
#[derive(Debug, Default)]
pub struct Slot {
    flight: Mutex<Option<Flight>>,
    /// How many computations have begun.
    begun: AtomicU64,
    /// The last of them whose answer was cached.
    written: tokio::sync::Mutex<u64>,
    known: Mutex<Option<Known>>,
    /// Whether what is cached is about other orders than those that the store holds now.
    outdated: AtomicBool,
}

/// The newest answer that this process has seen.
#[derive(Debug)]
struct Known {
    answer: Answer,
    computed_at: Timestamp,
    /// When it was computed, or found in the cache.
    seen: Instant,
}

impl Slot {
    /// The computation under way, or else the one that `start` begins.
    pub fn join(&self, start: impl FnOnce() -> Flight) -> Flight {
        let mut flight = lock(&self.flight);
        flight.get_or_insert_with(start).clone()
    }

    /// The computation under way has ended; the next reader begins another one.
    pub fn land(&self) {
        *lock(&self.flight) = None;
    }

    /// The number of a computation that begins now.
    pub fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Does `write`, unless the answer of a computation that began later is written already: a slow
    /// answer must not replace that of a refresh.
    pub async fn write<T: Send + Sync + 'static>(
        &self,
        computation: u64,
        answer: &Arc<Cached<T>>,
        write: impl Future<Output = ()>,
    ) {
        let mut written = self.written.lock().await;
        if *written < computation {
            *written = computation;
            *self.known() = Some(Known {
                answer: answer.clone(),
                computed_at: answer.computed_at,
                seen: Instant::now(),
            });
            self.outdated.store(false, Ordering::Relaxed);
            write.await;
        }
    }

    /// The answer was found in the cache just now.
    pub fn found<T: Clone + Send + Sync + 'static>(&self, answer: &Cached<T>) {
        let mut known = self.known();
        match known.as_mut() {
            Some(known) if known.computed_at >= answer.computed_at => known.seen = Instant::now(),
            _ => {
                *known = Some(Known {
                    answer: Arc::new(answer.clone()),
                    computed_at: answer.computed_at,
                    seen: Instant::now(),
                });
            }
        }
    }

    /// The newest answer that this process has seen, however long ago.
    pub fn last_known<T: Send + Sync + 'static>(&self) -> Option<Arc<Cached<T>>> {
        let answer = self.known().as_ref()?.answer.clone();
        answer.downcast().ok()
    }

    /// The same, if that was no longer than `ago`.
    pub fn known_since<T: Send + Sync + 'static>(&self, ago: Duration) -> Option<Arc<Cached<T>>> {
        let is_recent = self.known().as_ref()?.seen.elapsed() <= ago;
        is_recent.then(|| self.last_known())?
    }

    /// From now on, until the next computation, nothing that is known is worth showing.
    pub fn forget(&self) {
        *self.known() = None;
        self.outdated.store(true, Ordering::Relaxed);
    }

    /// Whether the cache's answer must not be shown.
    pub fn is_outdated(&self) -> bool {
        self.outdated.load(Ordering::Relaxed)
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        lock(&self.known)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(number: u64, second: u32) -> Arc<Cached<u64>> {
        let computed_at = format!("2026-11-23T10:30:{second:02}Z");
        Arc::new(Cached {
            data: number,
            window: None,
            computed_at: Timestamp::parse(&computed_at).expect("a time"),
            took_ms: 1.0,
        })
    }

    #[tokio::test]
    async fn an_older_answer_does_not_replace_a_newer_one() {
        let slot = Slot::default();
        let (first, second, third) = (slot.begin(), slot.begin(), slot.begin());
        let cached = tokio::sync::Mutex::new(0);
        // The first one ends last but one, the third one last.
        for computation in [second, first, third] {
            let write = async { *cached.lock().await = computation };
            let answer = answer(computation, 0);
            slot.write(computation, &answer, write).await;
            assert_ne!(*cached.lock().await, first);
        }
        assert_eq!(*cached.lock().await, third);
        assert_eq!(slot.last_known::<u64>().map(|known| known.data), Some(3));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_found_in_the_cache_is_known_if_it_is_newer() {
        let slot = Slot::default();
        let data = |slot: &Slot| slot.last_known::<u64>().map(|known| known.data);
        for (number, second, known) in [(1, 5, 1), (2, 4, 1), (3, 6, 3)] {
            slot.found(&answer(number, second));
            assert_eq!(data(&slot), Some(known));
        }
        tokio::time::advance(Duration::from_secs(5)).await;
        let within = |seconds| slot.known_since::<u64>(Duration::from_secs(seconds));
        assert!(within(5).is_some() && within(4).is_none());
        slot.forget();
        assert_eq!(data(&slot), None);
    }
}

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

/// A look into the cache ends sooner, if anybody waits for it.
const LOOKED_WITHIN: Duration = Duration::from_secs(1);

/// One key's computations and what is known of it. The mutexes are of std where nothing awaits
/// under them.
#[derive(Debug, Default)]
pub struct Slot {
    flight: Mutex<Option<Taken>>,
    /// How many computations have begun.
    begun: AtomicU64,
    /// The last of them whose answer was cached.
    written: tokio::sync::Mutex<u64>,
    known: Mutex<Option<Known>>,
    /// Whether what is cached is about other orders than those that the store holds now.
    outdated: AtomicBool,
}

#[derive(Debug)]
struct Taken {
    flight: Flight,
    since: Instant,
    /// Whether it goes on by itself.
    computing: Arc<AtomicBool>,
}

/// The newest answer that this process has seen.
#[derive(Debug)]
struct Known {
    answer: Answer,
    computed_at: Timestamp,
    /// When it was computed, if that was here.
    computed: Option<Instant>,
}

impl Slot {
    /// The computation under way, or else the one that `start` begins. That has to set the flag
    /// before it goes on by itself: a look that all its readers have left in the midst is of their
    /// time, and is not taken up much later.
    pub fn join(&self, start: impl FnOnce(Arc<AtomicBool>) -> Flight) -> Flight {
        let mut taken = lock(&self.flight);
        let is_abandoned = |taken: &mut Taken| {
            !taken.computing.load(Ordering::Relaxed) && taken.since.elapsed() > LOOKED_WITHIN
        };
        if taken.as_mut().is_some_and(is_abandoned) {
            *taken = None;
        }
        let taken = taken.get_or_insert_with(|| {
            let computing = Arc::default();
            Taken {
                flight: start(Arc::clone(&computing)),
                since: Instant::now(),
                computing,
            }
        });
        taken.flight.clone()
    }

    /// Whether a computation is under way that goes on by itself.
    pub fn is_computing(&self) -> bool {
        lock(&self.flight)
            .as_ref()
            .is_some_and(|taken| taken.computing.load(Ordering::Relaxed))
    }

    /// The computation under way has ended; the next reader begins another one.
    pub fn land(&self) {
        *lock(&self.flight) = None;
    }

    /// The number of a computation that begins now.
    pub fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Does `write`, which says whether it has succeeded, unless the answer of a computation that
    /// began later is written already: a slow answer must not replace that of a refresh.
    pub async fn write<T: Send + Sync + 'static>(
        &self,
        computation: u64,
        answer: &Arc<Cached<T>>,
        write: impl Future<Output = bool>,
    ) {
        let mut written = self.written.lock().await;
        if *written < computation {
            *written = computation;
            *self.known() = Some(Known {
                answer: answer.clone(),
                computed_at: answer.computed_at,
                computed: Some(Instant::now()),
            });
            if write.await {
                self.outdated.store(false, Ordering::Relaxed);
            }
        }
    }

    /// The answer was found in the cache just now.
    pub fn found<T: Clone + Send + Sync + 'static>(&self, answer: &Cached<T>) {
        let mut known = self.known();
        if !matches!(known.as_ref(), Some(known) if known.computed_at >= answer.computed_at) {
            *known = Some(Known {
                answer: Arc::new(answer.clone()),
                computed_at: answer.computed_at,
                computed: None,
            });
        }
    }

    /// The newest answer that this process has seen, however long ago.
    pub fn last_known<T: Send + Sync + 'static>(&self) -> Option<Arc<Cached<T>>> {
        let answer = self.known().as_ref()?.answer.clone();
        answer.downcast().ok()
    }

    /// The same if it was computed here, and how long ago.
    pub fn computed_here<T: Send + Sync + 'static>(&self) -> Option<(Arc<Cached<T>>, Duration)> {
        let (answer, age) = {
            let known = self.known();
            let known = known.as_ref()?;
            (known.answer.clone(), known.computed?.elapsed())
        };
        Some((answer.downcast().ok()?, age))
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
mod tests;

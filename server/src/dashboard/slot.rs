//! What the readers of one key share.

use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{Source, Timestamp};
use tokio::time::Instant;

use crate::cache::Cached;
use crate::single_flight::SingleFlight;

/// An answer of the key's type, [`Cached<T>`].
pub type Answer = Arc<dyn Any + Send + Sync>;

/// What a computation gives: the answer, and where it was found.
pub type Outcome = Result<(Answer, Source), ApiError>;

/// How long a failure that nobody waited for is kept for the next reader. After that a new try
/// says more.
const FAILURE_KEPT: Duration = Duration::from_secs(10);

/// One key's computations and what is known of it. The mutexes are of std where nothing awaits
/// while they are held.
#[derive(Debug, Default)]
pub struct Slot {
    pub computations: SingleFlight<Outcome>,
    /// Held while an answer is written to the cache: answers are written in the order in which they
    /// were computed, and a slow write does not replace that of a later refresh.
    pub writing: Arc<tokio::sync::Mutex<()>>,
    known: Mutex<Option<Known>>,
    /// The last computation's failure, until a reader has been told.
    untold: Mutex<Option<(ApiError, Instant)>>,
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
    /// Takes note of an answer that was computed here.
    pub fn computed<T: Send + Sync + 'static>(&self, answer: &Arc<Cached<T>>) {
        *self.known() = Some(Known {
            answer: answer.clone(),
            computed_at: answer.computed_at,
            computed: Some(Instant::now()),
        });
    }

    /// The answer was found in the cache just now.
    pub fn found<T: Send + Sync + 'static>(&self, answer: &Arc<Cached<T>>) {
        let mut known = self.known();
        if !matches!(known.as_ref(), Some(known) if known.computed_at >= answer.computed_at) {
            *known = Some(Known {
                answer: answer.clone(),
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

    /// The computation has failed. Unless a reader waits for it, the next one is told: one that
    /// always takes too long would else begin again and again, and never say so.
    pub fn failed(&self, error: &ApiError) {
        *lock(&self.untold) = Some((error.clone(), Instant::now()));
    }

    /// The last computation's failure, if no reader has been told of it. This one is.
    pub fn tell_failure(&self) -> Option<ApiError> {
        let (error, at) = lock(&self.untold).take()?;
        (at.elapsed() < FAILURE_KEPT).then_some(error)
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

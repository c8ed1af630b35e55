//! What many pages ask: asked once at a time, and not for every page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::single_flight::SingleFlight;

/// A question to a store, and its last answer.
#[derive(Debug)]
pub struct Recent<T> {
    asking: SingleFlight<T>,
    last: Arc<Mutex<Option<(T, Instant)>>>,
}

impl<T: Clone + Send + Sync + 'static> Recent<T> {
    /// The last answer if it is younger than `ttl`, else what `ask` gives within `patience`. It goes
    /// on if it takes longer. The error is the last answer, which is older.
    pub async fn get(
        &self,
        ttl: Duration,
        patience: Duration,
        now: DateTime<Utc>,
        ask: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Option<T>> {
        let last = lock(&self.last).clone();
        match last {
            Some((answer, at)) if at.elapsed() < ttl => return Ok(answer),
            _ => {}
        }
        let kept = Arc::clone(&self.last);
        let asking = self.asking.join(now, async move {
            let answer = ask.await;
            *lock(&kept) = Some((answer.clone(), Instant::now()));
            answer
        });
        let answer = asking.wait(patience).await;
        answer.map_err(|_| self.last())
    }

    /// The last answer, however old.
    pub fn last(&self) -> Option<T> {
        Some(lock(&self.last).as_ref()?.0.clone())
    }
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self {
            asking: SingleFlight::default(),
            last: Arc::default(),
        }
    }
}

/// A std mutex, because nothing awaits while it is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

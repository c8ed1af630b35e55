//! One computation at a time: those who want its answer while it is under way wait for the same one.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::time::{Instant, timeout_at};

/// Runs what it is given, never two at once. Each runs in a task of its own and goes on when
/// nobody waits for it.
pub struct SingleFlight<T> {
    flights: Arc<Mutex<Flights<T>>>,
}

struct Flights<T> {
    under_way: Option<Flight<T>>,
    /// What begins once that has ended.
    next: Option<Next<T>>,
}

struct Next<T> {
    flight: Flight<T>,
    compute: Arc<Mutex<Compute<T>>>,
}

/// Does nothing before it is polled.
type Compute<T> = BoxFuture<'static, T>;

/// A computation that several may wait for. Clones are the same one.
pub struct Flight<T> {
    since: DateTime<Utc>,
    asked: Instant,
    /// `None` if the computation has panicked.
    answer: Shared<BoxFuture<'static, Option<T>>>,
}

/// Why there is no answer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It is still being computed.
    UnderWay,
    /// The computation has panicked.
    Broken,
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    /// The computation under way, or else `compute`, which begins now. Must be called within a
    /// tokio runtime.
    pub fn join(
        &self,
        now: DateTime<Utc>,
        compute: impl Future<Output = T> + Send + 'static,
    ) -> Flight<T> {
        let mut flights = lock(&self.flights);
        match &flights.under_way {
            Some(under_way) => under_way.clone(),
            None => self.depart(&mut flights, now, compute.boxed()),
        }
    }

    /// A computation that has not begun: `compute`, which begins once the one under way has ended.
    /// All who ask until then wait for the same, which is what the last of them wants computed.
    pub fn join_next(
        &self,
        now: DateTime<Utc>,
        compute: impl Future<Output = T> + Send + 'static,
    ) -> Flight<T> {
        let mut flights = lock(&self.flights);
        if let Some(next) = &flights.next {
            *lock(&next.compute) = compute.boxed();
            return next.flight.clone();
        }
        let Some(under_way) = flights.under_way.clone() else {
            return self.depart(&mut flights, now, compute.boxed());
        };
        let compute = Arc::new(Mutex::new(compute.boxed()));
        let begun = compute.clone();
        let flight = self.spawn(now, async move {
            under_way.answer.await;
            // From here on nobody changes it: it is no longer the next one.
            let compute = std::mem::replace(&mut *lock(&begun), std::future::pending().boxed());
            compute.await
        });
        flights.next = Some(Next {
            flight: flight.clone(),
            compute,
        });
        flight
    }

    /// The computation under way.
    pub fn under_way(&self) -> Option<Flight<T>> {
        lock(&self.flights).under_way.clone()
    }

    fn depart(
        &self,
        flights: &mut Flights<T>,
        now: DateTime<Utc>,
        compute: Compute<T>,
    ) -> Flight<T> {
        let flight = self.spawn(now, compute);
        flights.under_way = Some(flight.clone());
        flight
    }

    fn spawn(
        &self,
        now: DateTime<Utc>,
        compute: impl Future<Output = T> + Send + 'static,
    ) -> Flight<T> {
        let landing = Landing(self.flights.clone());
        let task = tokio::spawn(async move {
            let _landing = landing;
            compute.await
        });
        Flight {
            since: now,
            asked: Instant::now(),
            answer: task.map(Result::ok).boxed().shared(),
        }
    }
}

impl<T: Clone> Flight<T> {
    /// Since when it is wanted.
    pub fn since(&self) -> DateTime<Utc> {
        self.since
    }

    /// How long it has been wanted.
    pub fn age(&self) -> Duration {
        self.asked.elapsed()
    }

    /// Its answer, if that is there within `limit` of the time when it was first wanted: those who
    /// come later need not wait once more.
    pub async fn wait(self, limit: Duration) -> Result<T, Unanswered> {
        match timeout_at(self.asked + limit, self.answer).await {
            Ok(answer) => answer.ok_or(Unanswered::Broken),
            Err(_) => Err(Unanswered::UnderWay),
        }
    }
}

/// Ends a flight however its task ends.
struct Landing<T>(Arc<Mutex<Flights<T>>>);

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        let mut flights = lock(&self.0);
        flights.under_way = flights.next.take().map(|next| next.flight);
    }
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        let flights = Flights {
            under_way: None,
            next: None,
        };
        Self {
            flights: Arc::new(Mutex::new(flights)),
        }
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self {
            since: self.since,
            asked: self.asked,
            answer: self.answer.clone(),
        }
    }
}

impl<T> fmt::Debug for SingleFlight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let under_way = lock(&self.flights).under_way.is_some();
        f.debug_struct("SingleFlight")
            .field("under_way", &under_way)
            .finish()
    }
}

/// These are std mutexes and not Tokio's, because nothing awaits while they are held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

//! One computation at a time: those who want its answer while it is under way wait for the same one.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::time::{Instant, timeout_at};

/// Runs what it is given, never two at once. Each runs in a task of its own and goes on when
/// nobody waits for it.
#[derive(Debug)]
pub struct SingleFlight<T>(Arc<Mutex<Flights<T>>>);

#[derive(Debug)]
struct Flights<T> {
    under_way: Option<Flight<T>>,
    /// What begins once that has ended.
    next: Option<Flight<T>>,
}

/// A computation that several may wait for. Clones are the same one.
#[derive(Clone, Debug)]
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
        let mut flights = self.flights();
        let flight = flights.under_way.take();
        let flight = flight.unwrap_or_else(|| self.depart(now, compute));
        flights.under_way.insert(flight).clone()
    }

    /// A computation that has not begun: `compute`, which begins once the one under way has ended.
    /// All who ask until then wait for the same.
    pub fn join_next(
        &self,
        now: DateTime<Utc>,
        compute: impl Future<Output = T> + Send + 'static,
    ) -> Flight<T> {
        let mut flights = self.flights();
        if let Some(next) = &flights.next {
            return next.clone();
        }
        let Some(under_way) = flights.under_way.clone() else {
            let flight = self.depart(now, compute);
            return flights.under_way.insert(flight).clone();
        };
        let flight = self.depart(now, async move {
            under_way.answer.await;
            compute.await
        });
        flights.next.insert(flight).clone()
    }

    /// The computation under way.
    pub fn under_way(&self) -> Option<Flight<T>> {
        self.flights().under_way.clone()
    }

    fn depart(
        &self,
        now: DateTime<Utc>,
        compute: impl Future<Output = T> + Send + 'static,
    ) -> Flight<T> {
        let landing = Landing(Self(self.0.clone()));
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

impl<T> SingleFlight<T> {
    /// A std mutex and not Tokio's, because nothing awaits while it is held.
    fn flights(&self) -> MutexGuard<'_, Flights<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
struct Landing<T>(SingleFlight<T>);

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        let mut flights = self.0.flights();
        flights.under_way = flights.next.take();
    }
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Flights {
            under_way: None,
            next: None,
        })))
    }
}

#[cfg(test)]
mod tests;

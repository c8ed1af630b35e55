//! What the page was shown last: a question is asked once at a time, and not for every page.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::single_flight::{SingleFlight, Unanswered};

/// How long the page waits.
const ANSWERED_WITHIN: Duration = Duration::from_secs(1);

/// A question to a store, and its last answer.
#[derive(Debug)]
pub struct Recent<T> {
    /// How long an answer is good.
    ttl: Duration,
    flight: SingleFlight<Result<T, String>>,
    last: Arc<Mutex<Option<Last<T>>>>,
    version: AtomicU64,
    /// The version that was last asked for.
    asked: AtomicU64,
}

#[derive(Debug)]
struct Last<T> {
    answer: T,
    at: Instant,
    version: u64,
}

/// What is known now.
#[derive(Clone, Debug)]
pub struct Known<T> {
    /// The newest answer; an older one if `problem` says why.
    pub answer: Option<T>,
    pub problem: Option<Problem>,
    /// Since when there has been a question without an answer of any use: none was known before,
    /// or it has changed. What is only renewed is not awaited.
    pub awaited_since: Option<DateTime<Utc>>,
}

/// Why there is no newer answer.
#[derive(Clone, Debug)]
pub enum Problem {
    /// The question is under way since then; a later page has its answer.
    Asking(DateTime<Utc>),
    /// A store failed: which one, and how.
    Failed(String),
}

impl<T> Known<T> {
    fn new(answer: T) -> Self {
        Self {
            answer: Some(answer),
            problem: None,
            awaited_since: None,
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Recent<T> {
    /// Not asked yet.
    pub fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            flight: SingleFlight::default(),
            last: Arc::default(),
            version: AtomicU64::default(),
            asked: AtomicU64::default(),
        }
    }

    /// The answer that is still good, or else what `asking` gives in time. It goes on if it takes
    /// longer.
    pub async fn get(
        &self,
        now: DateTime<Utc>,
        asking: impl Future<Output = Result<T, String>> + Send + 'static,
    ) -> Known<T> {
        let version = self.version.load(Ordering::Relaxed);
        if let Some(last) = lock(&self.last).as_ref()
            && last.version == version
            && last.at.elapsed() < self.ttl
        {
            return Known::new(last.answer.clone());
        }
        let kept = self.last.clone();
        let asking = async move {
            let asked = asking.await;
            if let Ok(answer) = &asked {
                *lock(&kept) = Some(Last {
                    answer: answer.clone(),
                    at: Instant::now(),
                    version,
                });
            }
            asked
        };
        let flight = match self.asked.swap(version, Ordering::Relaxed) == version {
            true => self.flight.join(now, asking),
            // What is under way may not see what has changed.
            false => self.flight.join_next(now, asking),
        };
        let since = flight.since();
        let problem = match flight.wait(ANSWERED_WITHIN).await {
            Ok(Ok(answer)) => {
                return Known::new(answer);
            }
            Ok(Err(problem)) => Problem::Failed(problem),
            Err(Unanswered::UnderWay) => Problem::Asking(since),
            Err(Unanswered::Broken) => Problem::Failed("a fault of the server".to_owned()),
        };
        let last = lock(&self.last);
        let is_of_use = last.as_ref().is_some_and(|last| last.version == version);
        let awaited_since = match problem {
            Problem::Asking(since) if !is_of_use => Some(since),
            _ => None,
        };
        Known {
            answer: last.as_ref().map(|last| last.answer.clone()),
            problem: Some(problem),
            awaited_since,
        }
    }

    /// The next page asks again; an answer that is still to come is outdated, too.
    pub fn outdate(&self) {
        self.version.fetch_add(1, Ordering::Relaxed);
    }
}

/// A std mutex, because nothing awaits while it is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

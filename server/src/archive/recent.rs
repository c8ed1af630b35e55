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
    version: Arc<AtomicU64>,
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
}

/// Why there is no newer answer.
#[derive(Clone, Debug)]
pub enum Problem {
    /// The question is under way since then; a later page has its answer.
    Asking(DateTime<Utc>),
    /// A store failed: which one, and how.
    Failed(String),
}

impl<T: Clone + Send + Sync + 'static> Recent<T> {
    /// Not asked yet.
    pub fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            flight: SingleFlight::default(),
            last: Arc::default(),
            version: Arc::default(),
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
            return Known {
                answer: Some(last.answer.clone()),
                problem: None,
            };
        }
        let kept = self.last.clone();
        let flight = self.flight.join(now, async move {
            let asked = asking.await;
            if let Ok(answer) = &asked {
                *lock(&kept) = Some(Last {
                    answer: answer.clone(),
                    at: Instant::now(),
                    version,
                });
            }
            asked
        });
        let since = flight.since();
        let problem = match flight.wait(ANSWERED_WITHIN).await {
            Ok(Ok(answer)) => {
                return Known {
                    answer: Some(answer),
                    problem: None,
                };
            }
            Ok(Err(problem)) => Problem::Failed(problem),
            Err(Unanswered::UnderWay) => Problem::Asking(since),
            Err(Unanswered::Broken) => Problem::Failed("a fault of the server".to_owned()),
        };
        let last = lock(&self.last);
        Known {
            answer: last.as_ref().map(|last| last.answer.clone()),
            problem: Some(problem),
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

//! What the page was shown last: a question is asked once at a time, and not for every page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::model::ArchiveRun;
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
}

#[derive(Clone, Debug)]
struct Last<T> {
    answer: T,
    /// When it came; `None` if something has changed since.
    at: Option<Instant>,
}

/// The newest runs, and which of them is going on in any process.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    pub newest: Vec<ArchiveRun>,
    pub holder: Option<String>,
}

/// What is known now.
#[derive(Clone, Debug)]
pub struct Known<T> {
    /// The newest answer; an older one, or none, if `problem` says why.
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

impl<T: Clone + Send + Sync + 'static> Recent<T> {
    /// Not asked yet.
    pub fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            flight: SingleFlight::default(),
            last: Arc::default(),
        }
    }

    /// The answer that is still good, or else what `asking` gives in time. It goes on if it takes
    /// longer.
    pub async fn get(
        &self,
        now: DateTime<Utc>,
        asking: impl Future<Output = Result<T, String>> + Send + 'static,
    ) -> Known<T> {
        let known = |answer| Known {
            answer: Some(answer),
            problem: None,
            awaited_since: None,
        };
        let last = lock(&self.last).clone();
        let is_good = |at: Instant| at.elapsed() < self.ttl;
        if let Some(last) = last.filter(|last| last.at.is_some_and(is_good)) {
            return known(last.answer);
        }
        let kept = self.last.clone();
        let flight = self.flight.join(now, async move {
            let asked = asking.await;
            if let Ok(answer) = &asked {
                let (answer, at) = (answer.clone(), Some(Instant::now()));
                *lock(&kept) = Some(Last { answer, at });
            }
            asked
        });
        let since = flight.since();
        let problem = match flight.wait(ANSWERED_WITHIN).await {
            Ok(Ok(answer)) => return known(answer),
            Ok(Err(problem)) => Problem::Failed(problem),
            Err(Unanswered::UnderWay) => Problem::Asking(since),
            Err(Unanswered::Broken) => Problem::Failed("a fault of the server".to_owned()),
        };
        let last = lock(&self.last).clone();
        let is_of_use = last.as_ref().is_some_and(|last| last.at.is_some());
        Known {
            answer: last.map(|last| last.answer),
            awaited_since: match problem {
                Problem::Asking(since) if !is_of_use => Some(since),
                _ => None,
            },
            problem: Some(problem),
        }
    }

    /// The next page asks again.
    pub fn outdate(&self) {
        if let Some(last) = lock(&self.last).as_mut() {
            last.at = None;
        }
    }
}

/// A std mutex, because nothing awaits while it is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

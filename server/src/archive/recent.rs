//! What the page was shown last: a question is asked once at a time, and not for every page.

use std::sync::atomic::{AtomicU64, Ordering};
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
    /// How often something has changed that the answer is about.
    changes: AtomicU64,
    /// After how many changes the question was asked last.
    asked_after: AtomicU64,
}

#[derive(Clone, Debug)]
struct Last<T> {
    answer: T,
    at: Instant,
    /// After how many changes it was asked for.
    changes: u64,
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
            changes: AtomicU64::default(),
            asked_after: AtomicU64::default(),
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
        let changes = self.changes.load(Ordering::Relaxed);
        let is_of_use = |last: &Last<T>| last.changes == changes;
        let last = lock(&self.last).clone().filter(is_of_use);
        if let Some(last) = last.filter(|last| last.at.elapsed() < self.ttl) {
            return known(last.answer);
        }
        let kept = self.last.clone();
        let asking = async move {
            let asked = asking.await;
            if let Ok(answer) = &asked {
                let (answer, at) = (answer.clone(), Instant::now());
                let last = Last {
                    answer,
                    at,
                    changes,
                };
                *lock(&kept) = Some(last);
            }
            asked
        };
        let flight = match self.asked_after.swap(changes, Ordering::Relaxed) == changes {
            true => self.flight.join(now, asking),
            // What is under way may not have seen the change.
            false => self.flight.join_next(now, asking),
        };
        let since = flight.since();
        let problem = match flight.wait(ANSWERED_WITHIN).await {
            Ok(Ok(answer)) => return known(answer),
            Ok(Err(problem)) => Problem::Failed(problem),
            Err(Unanswered::UnderWay) => Problem::Asking(since),
            Err(Unanswered::Broken) => Problem::Failed("a fault of the server".to_owned()),
        };
        let last = lock(&self.last).clone();
        let is_of_use = last.as_ref().is_some_and(is_of_use);
        Known {
            answer: last.map(|last| last.answer),
            awaited_since: match problem {
                Problem::Asking(since) if !is_of_use => Some(since),
                _ => None,
            },
            problem: Some(problem),
        }
    }

    /// The next page asks again; an answer that is still to come is outdated, too.
    pub fn outdate(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }
}

/// A std mutex, because nothing awaits while it is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_asked_before_a_change_is_not_shown_after_it() {
        let recent = Recent::new(Duration::from_secs(5));
        let now = DateTime::UNIX_EPOCH;
        let (answer, slow) = oneshot::channel::<&str>();
        let before = async { slow.await.map_err(|error| error.to_string()) };
        let first = recent.get(now, before).await;
        assert!(matches!(first.problem, Some(Problem::Asking(_))));
        recent.outdate();
        answer.send("before the change").expect("somebody asks");
        for _ in 0..2 {
            let known = recent.get(now, async { Ok("after it") }).await;
            assert_eq!(known.answer, Some("after it"));
            assert!(known.problem.is_none());
        }
    }
}

//! What the page shows of the months in the order store: as of some seconds ago, since not every
//! page is a query.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{Month, MonthGuard};
use tokio::time::timeout;

use super::guard::{Guard, GuardError, Patience, guard_of};
use super::job::ArchiveJob;
use super::last_known::LastKnown;
use super::months::{StoredMonth, stored_months};
use crate::store::StoreError;

/// The page does not wait longer. What is asked for goes on, for the next page.
const WITHIN: Duration = Duration::from_secs(1);
/// So long the page may not notice that a month has been archived elsewhere, or that orders have come
/// late.
const KEPT: Duration = Duration::from_secs(30);
/// And that a store tells again.
const DOUBT_KEPT: Duration = Duration::from_secs(5);

/// The last answer, for a while.
#[derive(Debug)]
pub(super) struct Guarded {
    answers: moka::future::Cache<u64, Arc<Guard>>,
    /// The answers until now, counted by what has outdated them.
    outdated: AtomicU64,
}

impl Guarded {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            answers: moka::future::Cache::builder().expire_after(Kept).build(),
            outdated: AtomicU64::new(0),
        }
    }

    /// An archive has changed, or has been looked at: the next page asks again. An answer that is
    /// still to come is outdated, too.
    pub fn outdate(&self) {
        self.outdated.fetch_add(1, Ordering::Relaxed);
    }
}

struct Kept;

impl moka::Expiry<u64, Arc<Guard>> for Kept {
    fn expire_after_create(
        &self,
        _: &u64,
        guard: &Arc<Guard>,
        _: std::time::Instant,
    ) -> Option<Duration> {
        Some(match guard.doubt {
            Some(_) => DOUBT_KEPT,
            None => KEPT,
        })
    }
}

impl ArchiveJob {
    /// The running month and, newest first, the others that are in the store. Without the order
    /// store the running one alone, since the page can still show what was archived.
    pub(super) async fn months_shown(&self) -> Result<Vec<Month>, ApiError> {
        let running = self.running(self.shared.parts.clock.now())?;
        let job = self.clone();
        let asking = tokio::spawn(async move { job.stored(running).await });
        let stored = match timeout(WITHIN, asking).await {
            Ok(Ok(Ok(stored))) => stored,
            _ => Vec::new(),
        };
        let stored = stored.iter().rev().map(|stored| stored.month);
        let before = stored.filter(|month| *month < running);
        Ok([running].into_iter().chain(before).collect())
    }

    /// The retention guard; where the stores do not tell soon, what is known of it, and why not all is.
    pub(super) async fn guard_shown(&self) -> (Vec<MonthGuard>, Option<String>) {
        let job = self.clone();
        let asking = tokio::spawn(async move { job.guarded().await });
        let answer = timeout(WITHIN, asking).await;
        let last = self.last_guard.lock();
        let last = last.unwrap_or_else(PoisonError::into_inner);
        let now = self.shared.parts.clock.now();
        let because = match answer {
            Ok(Ok(Ok(guard))) => {
                return match &guard.doubt {
                    None => (guard.months.clone(), None),
                    Some(doubt) => {
                        let months = last.rather_than(&guard.months, now);
                        (months, Some(doubt.for_people()))
                    }
                };
            }
            Ok(Ok(Err(error))) => error.for_people(),
            _ => "the stores do not tell in time".to_owned(),
        };
        let running = self.shared.parts.calendar.month_of(now);
        (last.months(now, running), Some(because))
    }

    async fn guarded(&self) -> Result<Arc<Guard>, Arc<GuardError>> {
        let parts = &self.shared.parts;
        let guard = async {
            let now = parts.clock.now();
            let Some(running) = parts.calendar.month_of(now) else {
                return Ok(Arc::default());
            };
            let months = self.stored(running).await?;
            let guard = guard_of(months, self.watched(now), Patience::PAGE).await?;
            match &guard.doubt {
                Some(doubt) => {
                    tracing::warn!(?doubt, "the retention guard is not known for certain");
                }
                None => {
                    let months = guard.months.clone();
                    let last = self.last_guard.lock();
                    *last.unwrap_or_else(PoisonError::into_inner) = LastKnown { at: now, months };
                }
            }
            Ok(Arc::new(guard))
        };
        let guarded = &self.shared.guarded;
        let outdated = guarded.outdated.load(Ordering::Relaxed);
        guarded.answers.try_get_with(outdated, guard).await
    }

    async fn stored(&self, running: Month) -> Result<Vec<StoredMonth>, Arc<StoreError>> {
        let parts = &self.shared.parts;
        let stored = async {
            let stored = stored_months(parts.store.as_ref(), parts.calendar, running).await;
            // Of a store that is left alone the log has said so once.
            if let Err(error) = &stored
                && !matches!(error, StoreError::LeftAlone { .. })
            {
                tracing::warn!(?error, "the months in the order store are not known");
            }
            stored
        };
        self.months.try_get_with((), stored).await
    }
}

//! What the page shows of the months in the order store: as of some seconds ago, since not every
//! page is a query.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{Month, MonthGuard};
use chrono::{DateTime, Utc};
use tokio::time::timeout;

use super::guard::{Guard, GuardError, Patience, guard_of};
use super::job::ArchiveJob;
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
pub(super) type Guarded = moka::future::Cache<(), Arc<Guard>>;

/// Nothing yet.
pub(super) fn guarded() -> Guarded {
    Guarded::builder().expire_after(Kept).build()
}

struct Kept;

impl moka::Expiry<(), Arc<Guard>> for Kept {
    fn expire_after_create(
        &self,
        _: &(),
        guard: &Arc<Guard>,
        _: std::time::Instant,
    ) -> Option<Duration> {
        Some(match guard.doubt {
            Some(_) => DOUBT_KEPT,
            None => KEPT,
        })
    }
}

/// The guard as it was last known for certain.
#[derive(Debug, Default)]
pub(super) struct LastKnown {
    at: DateTime<Utc>,
    months: Vec<MonthGuard>,
}

impl LastKnown {
    /// The months of a guard that is in doubt. What was not archived does not become so by doubt, but
    /// only by a run since.
    fn rather_than(&self, doubted: &[MonthGuard]) -> Vec<MonthGuard> {
        let month = |doubted: &MonthGuard| {
            let archive = doubted.archive.as_ref();
            let since = archive.is_some_and(|archive| archive.verified_at.utc() > self.at);
            let open = |last: &&MonthGuard| last.month == doubted.month && last.archive.is_none();
            let last = self.months.iter().find(open).filter(|_| !since);
            last.unwrap_or(doubted).clone()
        };
        doubted.iter().map(month).collect()
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
        match answer {
            Ok(Ok(Ok(guard))) => match &guard.doubt {
                None => (guard.months.clone(), None),
                Some(doubt) => (last.rather_than(&guard.months), Some(doubt.for_people())),
            },
            Ok(Ok(Err(error))) => (last.months.clone(), Some(error.for_people())),
            _ => {
                let because = "the stores do not tell in time".to_owned();
                (last.months.clone(), Some(because))
            }
        }
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
        self.shared.guarded.try_get_with((), guard).await
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

#[cfg(test)]
mod tests {
    use app::model::CompleteArchive;

    use super::*;

    #[test]
    fn what_was_not_archived_does_not_become_so_by_doubt() {
        let at = |time: &str| time.parse::<DateTime<Utc>>().expect("a time");
        let october = |verified_at: Option<&str>| MonthGuard {
            month: "2026-10".parse().expect("a month"),
            archive: verified_at.map(|time| CompleteArchive {
                run_id: "01".to_owned(),
                verified_at: at(time).into(),
            }),
            outdated: false,
            orders: None,
            leaves_at: at("2026-11-05T00:00:00Z").into(),
            urgent: verified_at.is_none(),
        };
        let mut last = LastKnown {
            at: at("2026-11-03T12:00:00Z"),
            months: vec![october(None)],
        };
        let before = [october(Some("2026-11-03T11:00:00Z"))];
        assert_eq!(last.rather_than(&before), [october(None)]);
        let since = [october(Some("2026-11-03T13:00:00Z"))];
        assert_eq!(last.rather_than(&since), since);
        last.months.clone_from(&before.to_vec());
        assert_eq!(last.rather_than(&since), since);
        assert_eq!(LastKnown::default().rather_than(&before), before);
    }
}

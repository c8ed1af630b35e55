//! What the page may ask of the archive job.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, ArchiveStatus, Month, MonthGuard, RunState, VerifyReport};
use app::ports::Archive;
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::guard::guard;
use super::job::ArchiveJob;
use super::start::Begun;
use super::target::{self, Target};
use super::words::{self, brief};
use crate::store::StoreError;

/// Runs that are shown.
const SHOWN: u32 = 20;
/// The page does not wait longer to learn which runs there were.
const RUNS_WITHIN: Duration = Duration::from_millis(1_500);
/// The page does not wait longer to learn which months there are.
const MONTHS_WITHIN: Duration = Duration::from_secs(1);
/// A request ends after 30 s; until then it can be told what else to do.
const VERIFIED_WITHIN: Duration = Duration::from_secs(25);

#[async_trait]
impl Archive for ArchiveJob {
    async fn start(&self, month: Option<Month>) -> Result<ArchiveRun, ApiError> {
        self.begin(month).await.and_then(Begun::run)
    }

    async fn status(&self) -> Result<ArchiveStatus, ApiError> {
        let shared = &self.shared;
        // The log first: a run that ends meanwhile is then shown as ended, not twice.
        // All at once: each may have to be given up after a second or two.
        let (newest, oldest, guard) =
            futures::join!(self.newest_shown(), self.oldest_shown(), self.guard_shown());
        let (mut runs, stale_because) = newest?;
        let mut current = None;
        if let Some(shown) = shared.shown.borrow().clone() {
            runs.retain(|run| run.run_id != shown.run_id);
            if shown.state.is_active() {
                current = Some(shown);
            } else {
                runs.push(shown);
                runs.sort_by(|a, b| (b.started_at, &b.run_id).cmp(&(a.started_at, &a.run_id)));
            }
        }
        if current.is_none() && stale_because.is_none() {
            current = self.elsewhere(&mut runs).await;
        }
        runs.truncate(SHOWN as usize);
        let running = self.running(shared.parts.clock.now())?;
        Ok(ArchiveStatus {
            current,
            runs,
            months: target::months(running, oldest),
            destination: shared.parts.objects.destination(),
            stale_because,
            guard,
        })
    }

    async fn verify(&self, run_id: &str) -> Result<VerifyReport, ApiError> {
        let verified = tokio::time::timeout(VERIFIED_WITHIN, self.verify_run(run_id)).await;
        verified.unwrap_or_else(|_| {
            Err(ApiError::unavailable(format!(
                "the archive takes long to read back: run `server verify {run_id}` where the server runs"
            )))
        })
    }
}

/// The record of runs cannot be read, said to the browser.
pub(super) fn log_failed(error: &StoreError) -> ApiError {
    tracing::warn!(?error, "the record of archive runs could not be read");
    ApiError::unavailable(format!(
        "the earlier archives are not known: {}",
        brief(error)
    ))
}

impl ArchiveJob {
    /// The newest runs; while the record of them does not answer, the last that were read, and why.
    async fn newest_shown(&self) -> Result<(Vec<ArchiveRun>, Option<String>), ApiError> {
        let parts = &self.shared.parts;
        let read = tokio::time::timeout(RUNS_WITHIN, parts.log.newest(SHOWN + 1)).await;
        let last = self.last_read.lock();
        let mut last = last.unwrap_or_else(PoisonError::into_inner);
        let read = read.unwrap_or_else(|_| {
            Err(StoreError::Late {
                store: parts.store.to_string(),
                operation: "archive runs",
            })
        });
        match read {
            Ok(runs) => {
                *last = Some(runs.clone());
                Ok((runs, None))
            }
            Err(error) => match last.clone() {
                Some(runs) => Ok((runs, Some(brief(&error)))),
                None => Err(log_failed(&error)),
            },
        }
    }

    /// Takes the run out of `runs` that is going on in another process. One whose process is gone
    /// is shown as interrupted, and soon is.
    async fn elsewhere(&self, runs: &mut Vec<ArchiveRun>) -> Option<ArchiveRun> {
        if !runs.iter().any(|run| run.state.is_active()) {
            return None;
        }
        let holder = self.shared.parts.leases.holder().await.ok()?;
        let running =
            |run: &ArchiveRun| run.state.is_active() && Some(&run.run_id) == holder.as_ref();
        let current = runs.iter().position(running).map(|at| runs.remove(at));
        for run in runs.iter_mut().filter(|run| run.state.is_active()) {
            self.recover_soon();
            run.state = RunState::Interrupted;
            run.error = Some(words::INTERRUPTED.to_owned());
        }
        current
    }

    /// The retention guard as of some seconds ago; empty where the order store does not tell soon.
    async fn guard_shown(&self) -> Vec<MonthGuard> {
        let (parts, guarded) = (self.shared.parts.clone(), self.shared.guarded.clone());
        let asking = tokio::spawn(async move {
            let now = parts.clock.now();
            let guard = guard(
                parts.store.as_ref(),
                parts.log.as_ref(),
                Some(parts.objects.as_ref()),
                parts.calendar,
                now,
            );
            guarded
                .try_get_with((), async { guard.await.map(Arc::new) })
                .await
        });
        match tokio::time::timeout(MONTHS_WITHIN, asking).await {
            Ok(Ok(Ok(guard))) => guard.to_vec(),
            _ => Vec::new(),
        }
    }

    /// What to archive, if it can be.
    pub(super) async fn target(
        &self,
        month: Option<Month>,
        now: DateTime<Utc>,
        run_id: &str,
    ) -> Result<Target, ApiError> {
        let running = self.running(now)?;
        let month = month.unwrap_or(running);
        let name = month.name();
        if month > running {
            return Err(ApiError::invalid(format!("{name} is still to come")));
        }
        if month < running {
            match self.oldest().await? {
                None => return Err(ApiError::invalid(format!("there are no orders of {name}"))),
                Some(oldest) if month < oldest => {
                    return Err(ApiError::invalid(format!(
                        "there are no orders of {name}: the oldest are of {}",
                        oldest.name()
                    )));
                }
                Some(_) => {}
            }
        }
        Target::new(&self.shared.parts.calendar, month, now, run_id)
            .map_err(|_| ApiError::internal("the archive could not be named"))
    }

    fn running(&self, now: DateTime<Utc>) -> Result<Month, ApiError> {
        let month = self.shared.parts.calendar.month_of(now);
        month.ok_or_else(|| ApiError::internal("the server's clock is wrong"))
    }

    /// The month of the oldest order, as of some seconds ago: not every page is a query. `None`
    /// also without the order store, since the page can still show what was archived.
    async fn oldest_shown(&self) -> Option<Month> {
        let (job, oldest) = (self.clone(), self.oldest.clone());
        let asking = tokio::spawn(async move { oldest.try_get_with((), job.oldest()).await });
        match tokio::time::timeout(MONTHS_WITHIN, asking).await {
            Ok(Ok(Ok(oldest))) => oldest,
            _ => None,
        }
    }

    /// The month of the oldest order.
    async fn oldest(&self) -> Result<Option<Month>, ApiError> {
        let oldest = self.shared.parts.store.oldest().await.map_err(|error| {
            // Of a store that is left alone the log has said so once.
            if !matches!(error, StoreError::LeftAlone { .. }) {
                tracing::warn!(?error, "the oldest order could not be read");
            }
            ApiError::unavailable(brief(&error))
        })?;
        Ok(oldest.and_then(|oldest| self.shared.parts.calendar.month_of(oldest)))
    }
}

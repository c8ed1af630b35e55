//! What the page may ask of the archive job.

use std::sync::PoisonError;
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, ArchiveStatus, Month, RunState, VerifyReport};
use app::ports::Archive;
use async_trait::async_trait;

use super::job::ArchiveJob;
use super::start::Begun;
use super::words::{self, brief};
use crate::store::StoreError;

/// Runs that are shown.
const SHOWN: u32 = 20;
/// The page does not wait longer to learn which runs there were.
const RUNS_WITHIN: Duration = Duration::from_millis(1_500);
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
        let (newest, months, guard) =
            futures::join!(self.newest_shown(), self.months_shown(), self.guard_shown());
        let (mut runs, stale_because) = newest?;
        let (guard, guard_stale_because) = guard;
        let mut current = None;
        if let Some(shown) = shared.shown.borrow().clone() {
            let recorded = runs.iter().position(|run| run.run_id == shown.run_id);
            let recorded = recorded.map(|at| runs.remove(at));
            if shown.state.is_active() {
                current = Some(shown);
            } else {
                // Of a run that is recorded as ended more may be known since.
                let ended = recorded.filter(|run| !run.state.is_active());
                runs.push(ended.unwrap_or(shown));
                runs.sort_by(|a, b| (b.started_at, &b.run_id).cmp(&(a.started_at, &a.run_id)));
            }
        }
        if current.is_none() && stale_because.is_none() {
            current = self.elsewhere(&mut runs).await;
        }
        runs.truncate(SHOWN as usize);
        Ok(ArchiveStatus {
            current,
            runs,
            months: months?,
            destination: shared.parts.objects.destination(),
            stale_because,
            guard,
            guard_stale_because,
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

    /// Takes the run out of `runs` that is going on in another process. One that has ended since they
    /// were read is shown as it has, and one whose process is gone as interrupted, which it soon is.
    async fn elsewhere(&self, runs: &mut Vec<ArchiveRun>) -> Option<ArchiveRun> {
        if !runs.iter().any(|run| run.state.is_active()) {
            return None;
        }
        let parts = &self.shared.parts;
        let holder = parts.leases.holder().await.ok()?;
        let running =
            |run: &ArchiveRun| run.state.is_active() && Some(&run.run_id) == holder.as_ref();
        let current = runs.iter().position(running).map(|at| runs.remove(at));
        for run in runs.iter_mut().filter(|run| run.state.is_active()) {
            // A run is recorded as ended before it lets go of the lease.
            match parts.log.find(&run.run_id).await {
                Ok(Some(found)) if !found.state.is_active() => *run = found,
                _ => {
                    self.recover_soon();
                    run.state = RunState::Interrupted;
                    run.error = Some(words::INTERRUPTED.to_owned());
                }
            }
        }
        current
    }
}

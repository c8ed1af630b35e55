//! The page's port: what the archive panel shows, and its three actions.

use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, ArchiveStatus, Month, VerifyReport};
use app::ports::Archive;
use async_trait::async_trait;
use tokio::time::timeout;

use super::errors::brief;
use super::job::{ArchiveJob, Begun};
use super::parts::ArchiveParts;
use super::plan::running;
use super::recent::{Problem, Runs};
use super::retention::unknown;
use crate::store::StoreError;

/// How many runs are shown.
const RUNS: u32 = 20;
/// A request ends after 30 s; until then it can say what else to do.
const VERIFIED_WITHIN: Duration = Duration::from_secs(25);

#[async_trait]
impl Archive for ArchiveJob {
    async fn start(&self, month: Option<Month>) -> Result<ArchiveRun, ApiError> {
        self.begin(month).await.and_then(Begun::run)
    }

    async fn status(&self) -> Result<ArchiveStatus, ApiError> {
        let parts = &self.shared.parts;
        let now = parts.clock.now();
        let running = running(parts, now)?;
        let (runs, job) = (runs(parts.clone()), self.clone());
        let guard = async move { Ok(job.guard_now().await) };
        let (runs, guard) = futures::join!(
            self.recent_runs.get(now, runs),
            self.recent_guard.get(now, guard)
        );
        let computing_since = [runs.awaited_since, guard.awaited_since];
        let computing_since = computing_since.into_iter().flatten().min();
        let (current, shown) = self.parted(runs.answer.unwrap_or_default());
        let guard = guard.answer.unwrap_or_else(|| {
            let because = self.words(guard.problem).unwrap_or_default();
            vec![unknown(running, because)]
        });
        Ok(ArchiveStatus {
            current,
            runs: shown,
            runs_stale_because: self.words(runs.problem),
            months: guard.iter().map(|guard| guard.month).collect(),
            guard,
            computing_since: computing_since.map(|at| parts.calendar.timestamp(at)),
            destination: parts.objects.destination(),
        })
    }

    async fn verify(&self, run_id: &str) -> Result<VerifyReport, ApiError> {
        let verified = timeout(VERIFIED_WITHIN, self.verify_run(run_id)).await;
        verified.unwrap_or_else(|_| {
            Err(ApiError::unavailable(format!(
                "the archive takes long to read back: run `server verify {run_id}` where the \
                 server runs"
            )))
        })
    }
}

async fn runs(parts: ArchiveParts) -> Result<Runs, String> {
    let incomplete = |error: StoreError| {
        tracing::warn!(?error, "the archive panel is incomplete");
        brief(&error)
    };
    let newest = parts.log.newest(RUNS + 1).await.map_err(incomplete)?;
    let holder = match newest.iter().any(|run| run.state.is_active()) {
        true => parts.leases.holder().await.map_err(incomplete)?,
        false => None,
    };
    Ok(Runs { newest, holder })
}

impl ArchiveJob {
    fn words(&self, problem: Option<Problem>) -> Option<String> {
        Some(match problem? {
            Problem::Failed(because) => because,
            Problem::Asking(since) => {
                let since = self.shared.parts.calendar.timestamp(since);
                format!("being read since {}", since.time_of_day())
            }
        })
    }

    /// Parts the run under way, here or in another process, from those that have ended. Runs whose
    /// process is gone are decided soon.
    fn parted(&self, runs: Runs) -> (Option<ArchiveRun>, Vec<ArchiveRun>) {
        let Runs {
            newest: mut runs,
            mut holder,
        } = runs;
        let shown = self.shared.shown.borrow().clone();
        if let Some(shown) = shown.as_ref().filter(|shown| shown.state.is_active()) {
            holder = Some(shown.run_id.clone());
        }
        let is_current = |run: &ArchiveRun| Some(&run.run_id) == holder.as_ref();
        if (runs.iter()).any(|run| run.state.is_active() && !is_current(run)) {
            self.recover_soon();
        }
        // This process knows of its own run before the run log does, and the log of what has become
        // of it later.
        if let Some(shown) = shown {
            match runs.iter_mut().find(|run| run.run_id == shown.run_id) {
                Some(recorded) if recorded.state.is_active() => *recorded = shown,
                Some(_) => {}
                None => runs.insert(0, shown),
            }
        }
        let current = runs
            .iter()
            .position(|run| run.state.is_active() && is_current(run));
        let current = current.map(|at| runs.remove(at));
        runs.truncate(RUNS as usize);
        (current, runs)
    }
}

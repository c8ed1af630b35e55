//! The page's port: what the archive panel shows, and its three actions.

use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, ArchiveStatus, Month, MonthGuard, VerifyReport};
use app::ports::Archive;
use async_trait::async_trait;
use tokio::time::timeout;

use super::errors::brief;
use super::job::{ArchiveJob, Begun};
use super::plan::running;
use super::retention::{stored_months, unknown};
use crate::store::StoreError;

/// How many runs are shown.
const RUNS: u32 = 20;
/// How long the page waits for each of runs, months and guard.
const ANSWERED_WITHIN: Duration = Duration::from_secs(1);
/// A request ends after 30 s; until then it can say what else to do.
const VERIFIED_WITHIN: Duration = Duration::from_secs(25);

#[async_trait]
impl Archive for ArchiveJob {
    async fn start(&self, month: Option<Month>) -> Result<ArchiveRun, ApiError> {
        self.begin(month).await.and_then(Begun::run)
    }

    async fn status(&self) -> Result<ArchiveStatus, ApiError> {
        let running = running(&self.shared.parts, self.shared.parts.clock.now())?;
        let (runs, months, guard) = futures::join!(self.runs(), self.months(running), self.guard());
        let (runs, runs_stale_because) = runs;
        let (months, months_unknown_because) = months;
        let (current, runs) = self.with_shown(runs, runs_stale_because.is_none()).await;
        Ok(ArchiveStatus {
            current,
            runs,
            runs_stale_because,
            guard: guard.unwrap_or_else(|because| {
                let unknown = |month: &Month| unknown(*month, because.clone());
                months.iter().map(unknown).collect()
            }),
            months,
            months_unknown_because,
            destination: self.shared.parts.objects.destination(),
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

impl ArchiveJob {
    /// The newest runs; if the run log does not answer, the last known ones and why.
    async fn runs(&self) -> (Vec<ArchiveRun>, Option<String>) {
        let log = self.shared.parts.log.clone();
        let asked = self
            .in_time(async move { log.newest(RUNS + 1).await })
            .await;
        match asked {
            Ok(runs) => {
                self.recent.keep_runs(&runs);
                (runs, None)
            }
            Err(because) => (self.recent.runs().unwrap_or_default(), Some(because)),
        }
    }

    /// The months in the order store, the running one first; only that, and why, if the order store
    /// does not answer.
    async fn months(&self, running: Month) -> (Vec<Month>, Option<String>) {
        let job = self.clone();
        let asked = self.in_time(async move {
            let parts = &job.shared.parts;
            let months = async {
                let stored = stored_months(parts.store.as_ref(), parts.calendar, running).await?;
                let months = stored.iter().rev().map(|stored| stored.month);
                Ok::<_, StoreError>(months.collect::<Vec<_>>())
            };
            job.recent.months.try_get_with((), months).await
        });
        let (stored, because) = match asked.await {
            Ok(stored) => (stored, None),
            Err(because) => (Vec::new(), Some(because)),
        };
        let over = stored.into_iter().filter(|month| *month < running);
        (std::iter::once(running).chain(over).collect(), because)
    }

    /// The retention guard, or why it is not known in time.
    async fn guard(&self) -> Result<Vec<MonthGuard>, String> {
        let job = self.clone();
        self.in_time(async move {
            let guard = async {
                let guard = job.guard_now().await;
                // What a store did not say is asked again by the next page.
                match guard.iter().any(MonthGuard::is_unknown) {
                    true => Err(guard),
                    false => Ok(guard),
                }
            };
            let version = job.recent.guard_version();
            let guard = job.recent.guard.try_get_with(version, guard).await;
            Ok::<_, StoreError>(guard.unwrap_or_else(|unknown| unknown.to_vec()))
        })
        .await
    }

    /// What a store answers in time, or which one did not, and how. The question goes on, so that a
    /// later page has its answer.
    async fn in_time<T: Send + 'static, E: std::borrow::Borrow<StoreError> + Send + 'static>(
        &self,
        asking: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, String> {
        let late = || format!("{} does not answer in time", self.shared.parts.store);
        match timeout(ANSWERED_WITHIN, tokio::spawn(asking)).await {
            Ok(Ok(answer)) => answer.map_err(|error| {
                let error = error.borrow();
                tracing::warn!(?error, "the archive panel is incomplete");
                brief(error)
            }),
            _ => Err(late()),
        }
    }

    /// Parts the run under way from those that have ended. This process knows of its own run before
    /// the run log does.
    async fn with_shown(
        &self,
        mut runs: Vec<ArchiveRun>,
        are_new: bool,
    ) -> (Option<ArchiveRun>, Vec<ArchiveRun>) {
        let mut current = None;
        if let Some(shown) = self.shared.shown.borrow().clone() {
            let recorded = runs.iter().position(|run| run.run_id == shown.run_id);
            let recorded = recorded.map(|at| runs.remove(at));
            match shown.state.is_active() {
                true => current = Some(shown),
                false => {
                    // A run that is recorded as ended may have been verified or published since.
                    let ended = recorded.filter(|run| !run.state.is_active());
                    runs.push(ended.unwrap_or(shown));
                    runs.sort_by(|a, b| (b.started_at, &b.run_id).cmp(&(a.started_at, &a.run_id)));
                }
            }
        }
        if current.is_none() && are_new {
            current = self.elsewhere(&mut runs).await;
        }
        runs.truncate(RUNS as usize);
        (current, runs)
    }

    /// Takes the run out of `runs` that is going on in another process. One whose process is gone
    /// is decided soon.
    async fn elsewhere(&self, runs: &mut Vec<ArchiveRun>) -> Option<ArchiveRun> {
        if !runs.iter().any(|run| run.state.is_active()) {
            return None;
        }
        let holder = self.shared.parts.leases.holder().await.ok()?;
        let is_held =
            |run: &ArchiveRun| run.state.is_active() && Some(&run.run_id) == holder.as_ref();
        let current = runs.iter().position(is_held).map(|at| runs.remove(at));
        if runs.iter().any(|run| run.state.is_active()) {
            self.recover_soon();
        }
        current
    }
}

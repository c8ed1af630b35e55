//! The page's port: what the archive panel shows, and its three actions.

use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, ArchiveStatus, Month, MonthGuard, MonthState, VerifyReport};
use app::ports::Archive;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::time::timeout;

use super::errors::brief;
use super::job::{ArchiveJob, Begun};
use super::parts::ArchiveParts;
use super::plan::running;
use super::recent::{Known, Problem};
use super::retention::{stored_months, unknown};
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
        let now = self.shared.parts.clock.now();
        let running = running(&self.shared.parts, now)?;
        let (runs, months, guard) =
            futures::join!(self.runs(now), self.months(now), self.guard(now));
        let computing_since = [
            runs.awaited_since,
            months.awaited_since,
            guard.awaited_since,
        ];
        let computing_since = computing_since.into_iter().flatten().min();
        let are_new = runs.problem.is_none();
        let (current, shown) = self
            .with_shown(runs.answer.unwrap_or_default(), are_new)
            .await;
        let over = months.answer.unwrap_or_default();
        let over = over.into_iter().filter(|month| *month < running);
        let months_shown: Vec<Month> = std::iter::once(running).chain(over).collect();
        let guard = match (guard.answer, &guard.problem) {
            (Some(guard), None | Some(Problem::Asking(_))) => guard,
            (_, problem) => {
                let because = self.words(problem).unwrap_or_default();
                let unknown = |month: &Month| unknown(*month, because.clone());
                months_shown.iter().map(unknown).collect()
            }
        };
        Ok(ArchiveStatus {
            current,
            runs: shown,
            runs_stale_because: self.words(&runs.problem),
            months: months_shown,
            months_unknown_because: self.words(&months.problem),
            guard,
            computing_since: computing_since.map(|at| self.shared.parts.calendar.timestamp(at)),
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
    /// The newest runs.
    async fn runs(&self, now: DateTime<Utc>) -> Known<Vec<ArchiveRun>> {
        let log = self.shared.parts.log.clone();
        let asking = async move { log.newest(RUNS + 1).await.map_err(incomplete) };
        self.recent_runs.get(now, asking).await
    }

    /// The months in the order store, newest first.
    async fn months(&self, now: DateTime<Utc>) -> Known<Vec<Month>> {
        let shared = self.shared.clone();
        let asking = async move {
            let ArchiveParts {
                store, calendar, ..
            } = &shared.parts;
            let running = calendar.month_of(now).unwrap_or(Month::FIRST);
            let stored = stored_months(store.as_ref(), *calendar, running).await;
            let stored = stored.map_err(incomplete)?;
            Ok(stored.iter().rev().map(|stored| stored.month).collect())
        };
        self.recent_months.get(now, asking).await
    }

    /// The retention guard; a failure where it does not know a month.
    async fn guard(&self, now: DateTime<Utc>) -> Known<Vec<MonthGuard>> {
        let job = self.clone();
        let asking = async move {
            let guard = job.guard_now().await;
            let because = guard.iter().find_map(|guard| match &guard.state {
                MonthState::Unknown { because } => Some(because.clone()),
                _ => None,
            });
            because.map_or(Ok(guard), Err)
        };
        self.recent_guard.get(now, asking).await
    }

    fn words(&self, problem: &Option<Problem>) -> Option<String> {
        Some(match problem.as_ref()? {
            Problem::Failed(because) => because.clone(),
            Problem::Asking(since) => {
                let since = self.shared.parts.calendar.timestamp(*since);
                format!("being read since {}", since.time_of_day())
            }
        })
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
        let parts = &self.shared.parts;
        let leases = parts.leases.clone();
        let asking = async move { leases.holder().await.map_err(incomplete) };
        let holder = self.recent_holder.get(parts.clock.now(), asking).await;
        if holder.problem.is_some() {
            return None;
        }
        let holder = holder.answer.flatten();
        let is_held =
            |run: &ArchiveRun| run.state.is_active() && Some(&run.run_id) == holder.as_ref();
        let current = runs.iter().position(is_held).map(|at| runs.remove(at));
        if runs.iter().any(|run| run.state.is_active()) {
            self.recover_soon();
        }
        current
    }
}

fn incomplete(error: StoreError) -> String {
    tracing::warn!(?error, "the archive panel is incomplete");
    brief(&error)
}

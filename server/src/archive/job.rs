//! The archive job: starts a run or joins the one under way, follows it, stops it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, Month, MonthGuard};
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use ulid::Ulid;

use super::errors::{brief, unknown_runs};
use super::lease::{Hold, Taken};
use super::names::Target;
use super::parts::{ArchiveParts, Shared};
use super::plan::{self, ArchivePlan, target};
use super::recent::{Recent, Runs};
use super::retention::{self, Watched};
use super::{publish, recover, run};
use crate::store::StoreError;

/// How often, and how far apart, we look for the run that holds the lease before we answer "busy".
const JOIN_ATTEMPTS: u32 = 20;
const JOIN_PAUSE: Duration = Duration::from_millis(100);
/// How often we poll a run in another process.
const POLL_INTERVAL: Duration = Duration::from_millis(200);
/// How long a server's start waits for unfinished runs to be decided.
const RECOVERED_WITHIN: Duration = Duration::from_secs(1);

/// How old the page's guard may be, where another process archives.
const GUARD_TTL: Duration = Duration::from_secs(5);

/// The answer where a run can neither start nor be joined.
pub const BUSY: &str =
    "another archive is being prepared or has just ended: try again in half a minute";

/// The archive job. Clones are the same job.
#[derive(Clone, Debug)]
pub struct ArchiveJob {
    pub(super) shared: Arc<Shared>,
    /// Held while a run is being started, so that of two starts one joins the other.
    starting: Arc<tokio::sync::Mutex<()>>,
    /// Held while unfinished runs are decided in the background.
    recovering: Arc<tokio::sync::Mutex<()>>,
    /// A std mutex, because nothing awaits while it is held.
    last_id: Arc<Mutex<Ulid>>,
    tasks: TaskTracker,
    // For the page.
    pub(super) recent_runs: Arc<Recent<Runs>>,
    pub(super) recent_guard: Arc<Recent<Vec<MonthGuard>>>,
}

/// What a start has come to.
#[derive(Clone, Debug)]
pub enum Begun {
    Own(ArchiveRun),
    /// The run was under way, here or in another process.
    Joined(ArchiveRun),
    /// The lease is held by a run that is not recorded yet, or has just ended.
    Busy,
}

impl Begun {
    /// The run, own or joined.
    pub fn run(self) -> Result<ArchiveRun, ApiError> {
        match self {
            Self::Own(run) | Self::Joined(run) => Ok(run),
            Self::Busy => Err(ApiError::unavailable(BUSY)),
        }
    }
}

impl ArchiveJob {
    /// The job of a server that has just started: it decides the runs that an earlier process left
    /// unfinished, now or, while their lease lasts or a store does not answer, later.
    pub async fn open(parts: ArchiveParts) -> Self {
        let job = Self::beside(parts);
        _ = timeout(RECOVERED_WITHIN, job.recover_soon()).await;
        job
    }

    /// The job of a command that may run beside a server: unfinished runs are left alone until a
    /// run of its own begins.
    pub fn beside(parts: ArchiveParts) -> Self {
        let cancel = parts.cancel.child_token();
        Self {
            shared: Arc::new(Shared {
                parts: ArchiveParts { cancel, ..parts },
                shown: watch::Sender::new(None),
            }),
            starting: Arc::default(),
            recovering: Arc::default(),
            last_id: Arc::new(Mutex::new(Ulid::nil())),
            tasks: TaskTracker::new(),
            recent_runs: Arc::new(Recent::new(Duration::ZERO)),
            recent_guard: Arc::new(Recent::new(GUARD_TTL)),
        }
    }

    /// The run under way, or else the last one of this process; changes as it moves on.
    pub fn subscribe(&self) -> watch::Receiver<Option<ArchiveRun>> {
        self.shared.shown.subscribe()
    }

    /// What archiving `month` would do; refuses the same months as [`ArchiveJob::begin`].
    pub async fn plan(&self, month: Option<Month>) -> Result<ArchivePlan, ApiError> {
        plan::plan(&self.shared.parts, month).await
    }

    /// The retention guard, see [`retention::guard`].
    pub async fn guard_now(&self) -> Vec<MonthGuard> {
        let parts = &self.shared.parts;
        retention::guard(Watched {
            orders: parts.store.as_ref(),
            log: parts.log.as_ref(),
            calendar: parts.calendar,
            now: parts.clock.now(),
        })
        .await
    }

    /// Starts to archive `month`, or joins the run under way; does not wait for its end.
    pub async fn begin(&self, month: Option<Month>) -> Result<Begun, ApiError> {
        let job = self.clone();
        // In a task, so that a request that is dropped does not leave a lease without a run.
        let begun = self
            .tasks
            .spawn(async move { job.begin_or_join(month).await });
        let failed = |_| Err(ApiError::internal("the archive could not be started"));
        begun.await.unwrap_or_else(failed)
    }

    async fn begin_or_join(&self, month: Option<Month>) -> Result<Begun, ApiError> {
        let parts = &self.shared.parts;
        let _starting = self.starting.lock().await;
        if let Some(run) = self.under_way() {
            return Ok(Begun::Joined(run));
        }
        for _ in 0..JOIN_ATTEMPTS {
            if parts.cancel.is_cancelled() {
                return Err(ApiError::unavailable("the server is shutting down"));
            }
            let now = parts.clock.now();
            let target = target(parts, month, now).await?;
            let run_id = self.next_id(now);
            match parts.leases.take(&run_id).await.map_err(not_started)? {
                // It begins now: taking the lease may have taken a while.
                Taken::Held(hold) => return Ok(Begun::Own(self.spawn(hold, run_id, &target))),
                Taken::Busy(holder) => match parts.log.find(&holder).await.map_err(not_started)? {
                    Some(run) if run.state.is_active() => return Ok(Begun::Joined(run)),
                    _ => sleep(JOIN_PAUSE).await,
                },
            }
        }
        Ok(Begun::Busy)
    }

    fn spawn(&self, hold: Hold, run_id: String, target: &Target) -> ArchiveRun {
        let run = plan::started(&self.shared.parts, target, run_id);
        self.shared.show(&run);
        let (job, begun, window) = (self.clone(), run.clone(), target.window);
        self.tasks.spawn(async move {
            let is_decided = run::run(&job.shared, &hold, begun, window).await;
            job.recent_guard.outdate();
            if !is_decided {
                job.recover_soon();
            }
        });
        run
    }

    /// Returns the run when it has ended, here or in another process.
    pub async fn follow(
        &self,
        mut run: ArchiveRun,
        mut progress: impl FnMut(&ArchiveRun),
    ) -> Result<ArchiveRun, ApiError> {
        let mut shown = self.subscribe();
        while run.state.is_active() {
            progress(&run);
            let next = shown.borrow_and_update().clone();
            match next.filter(|next| next.run_id == run.run_id) {
                Some(next) if next != run => run = next,
                // The sender lives as long as the job.
                Some(_) => _ = shown.changed().await,
                None => {
                    let found = self.shared.parts.log.find(&run.run_id).await;
                    let found = found.map_err(unknown_runs)?;
                    run = found.ok_or_else(|| ApiError::internal("the run was not recorded"))?;
                    sleep(POLL_INTERVAL).await;
                }
            }
        }
        Ok(run)
    }

    /// Ends the run under way, if there is one, and returns when it has ended. No other can start
    /// afterwards.
    pub async fn stop(&self) {
        self.shared.parts.cancel.cancel();
        let _no_start = self.starting.lock().await;
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Decides unfinished runs in the background, unless that is under way.
    pub(super) fn recover_soon(&self) -> JoinHandle<()> {
        let job = self.clone();
        self.tasks.spawn(async move {
            let Ok(_alone) = job.recovering.try_lock() else {
                return;
            };
            if let Err(error) = recover::recover_alone(&job.shared).await {
                tracing::warn!(?error, "unfinished archive runs are decided later");
            }
            job.recent_guard.outdate();
        })
    }

    /// Publishes a run that has succeeded, whatever is published now. `None` if another run is
    /// going on.
    pub async fn publish(&self, run_id: &str) -> Result<Option<ArchiveRun>, ApiError> {
        publish::publish_regardless(&self.shared.parts, run_id).await
    }

    fn under_way(&self) -> Option<ArchiveRun> {
        let shown = self.shared.shown.borrow().clone();
        shown.filter(|run| run.state.is_active())
    }

    /// An identifier that sorts after those given before.
    fn next_id(&self, now: DateTime<Utc>) -> String {
        let mut last = self.last_id.lock().unwrap_or_else(PoisonError::into_inner);
        let mut id = Ulid::from_datetime(now.into());
        if id <= *last {
            // Within one millisecond, or after the clock was set back.
            id = last.increment().unwrap_or(id);
        }
        *last = id;
        id.to_string()
    }
}

fn not_started(error: StoreError) -> ApiError {
    tracing::warn!(?error, "an archive run could not be started");
    ApiError::unavailable(format!("the archive cannot be started: {}", brief(&error)))
}

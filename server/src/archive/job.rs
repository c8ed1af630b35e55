//! The archive job: one run at a time, whoever asks for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, Month, RunState, Timestamp};
use app::ports::Archive;
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use ulid::Ulid;

use super::port::log_failed;
use super::{ObjectStore, RunLog, run, target, words};
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::store::{OrderStore, StoreError};

/// Among so many newest runs are those that an earlier process has left unfinished.
const UNFINISHED: u32 = 100;
/// So long the page may not notice that the oldest month has gone.
const OLDEST_FOR: Duration = Duration::from_secs(10);

/// What the job works with.
#[derive(Clone, Debug)]
pub struct ArchiveParts {
    pub store: Arc<dyn OrderStore>,
    pub log: Arc<dyn RunLog>,
    pub objects: Arc<dyn ObjectStore>,
    pub clock: Arc<dyn Clock>,
    pub calendar: Calendar,
    /// Ends a run that is under way, and lets no other start.
    pub cancel: CancellationToken,
}

/// The archive job. Clones are the same job.
#[derive(Clone, Debug)]
pub struct ArchiveJob {
    pub(super) shared: Arc<Shared>,
    /// Held while a run is being started, so that of two starts one joins the other.
    pub(super) starting: Arc<tokio::sync::Mutex<()>>,
    /// A std mutex, because nothing awaits under it.
    last_id: Arc<Mutex<Ulid>>,
    pub(super) tasks: TaskTracker,
    /// The month of the oldest order, for the page.
    pub(super) oldest: moka::future::Cache<(), Option<Month>>,
}

/// What a run needs of the job.
#[derive(Debug)]
pub(super) struct Shared {
    pub parts: ArchiveParts,
    /// The run under way, or else the last one of this process.
    pub shown: watch::Sender<Option<ArchiveRun>>,
}

impl Shared {
    /// Shows the run to whoever watches.
    pub fn show(&self, run: &ArchiveRun) {
        self.shown.send_replace(Some(run.clone()));
    }

    /// The present, as the page is told it.
    pub fn now(&self) -> Timestamp {
        self.parts.calendar.timestamp(self.parts.clock.now())
    }
}

impl ArchiveJob {
    /// The job of a server that has just started: runs that an earlier process left unfinished are
    /// marked as interrupted, and their objects removed.
    pub async fn open(parts: ArchiveParts) -> Result<Self, StoreError> {
        let job = Self::beside(parts);
        let shared = &job.shared;
        for mut run in shared.parts.log.newest(UNFINISHED).await? {
            if !run.state.is_active() {
                continue;
            }
            run.state = RunState::Interrupted;
            run.finished_at = Some(shared.now());
            run.error = Some(words::INTERRUPTED.to_owned());
            if let Ok(own) = target::own(&run.run_id) {
                run::delete(shared, &own).await;
            }
            shared.parts.log.record(&run).await?;
        }
        Ok(job)
    }

    /// The job of a command that may run beside a server: unfinished runs are left alone, since
    /// they may be the server's.
    pub fn beside(parts: ArchiveParts) -> Self {
        Self {
            shared: Arc::new(Shared {
                parts: ArchiveParts {
                    cancel: parts.cancel.child_token(),
                    ..parts
                },
                shown: watch::Sender::new(None),
            }),
            starting: Arc::default(),
            last_id: Arc::new(Mutex::new(Ulid::nil())),
            tasks: TaskTracker::new(),
            oldest: moka::future::Cache::builder()
                .time_to_live(OLDEST_FOR)
                .build(),
        }
    }

    /// The run under way, or else the last one of this process; changes as it moves on.
    pub fn subscribe(&self) -> watch::Receiver<Option<ArchiveRun>> {
        self.shared.shown.subscribe()
    }

    /// Starts a run as [`Archive::start`] does and returns it when it has ended, however it ended.
    /// `progress` is called with the run as it moves on.
    pub async fn run_to_end(
        &self,
        month: Option<Month>,
        mut progress: impl FnMut(&ArchiveRun),
    ) -> Result<ArchiveRun, ApiError> {
        let mut shown = self.subscribe();
        let mut run = self.start(month).await?;
        while run.state.is_active() {
            progress(&run);
            // The sender lives as long as the job.
            let changed = shown.changed().await.is_ok();
            let next = shown.borrow_and_update().clone();
            match next.filter(|next| changed && next.run_id == run.run_id) {
                Some(next) => run = next,
                // Somebody has started the next run already.
                None => {
                    let runs = self
                        .shared
                        .parts
                        .log
                        .newest(UNFINISHED)
                        .await
                        .map_err(|error| log_failed(&error))?;
                    let ended = runs.into_iter().find(|ended| ended.run_id == run.run_id);
                    return ended.ok_or_else(|| ApiError::internal("the run was not recorded"));
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

    pub(super) fn under_way(&self) -> Option<ArchiveRun> {
        let shown = self.shared.shown.borrow().clone();
        shown.filter(|run| run.state.is_active())
    }

    /// An identifier that sorts after those given before.
    pub(super) fn id(&self, now: DateTime<Utc>) -> String {
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

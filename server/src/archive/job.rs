//! The archive job: one run at a time, whoever asks for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, Month, RunState, Timestamp};
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use ulid::Ulid;

use super::last_known::LastKnown;
use super::lease::Leases;
use super::months::StoredMonth;
use super::port::log_failed;
use super::shown::Guarded;
use super::{ObjectStore, RunLog};
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::store::OrderStore;

/// Among so many newest runs are those that an earlier process has left unfinished.
pub(super) const UNFINISHED: u32 = 100;
/// So long the page may not notice that the oldest month has gone.
const MONTHS_FOR: Duration = Duration::from_secs(10);
/// How often it is looked at a run of another process.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What the job works with.
#[derive(Clone, Debug)]
pub struct ArchiveParts {
    pub store: Arc<dyn OrderStore>,
    pub log: Arc<dyn RunLog>,
    /// Kept where the runs are recorded.
    pub leases: Leases,
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
    /// Held while unfinished runs are seen to.
    pub(super) recovering: Arc<tokio::sync::Mutex<()>>,
    /// A std mutex, because nothing awaits under it.
    last_id: Arc<Mutex<Ulid>>,
    pub(super) tasks: TaskTracker,
    /// The newest runs as the page was last shown them.
    pub(super) last_read: Arc<Mutex<Option<Vec<ArchiveRun>>>>,
    /// The months in the order store, for the page.
    pub(super) months: moka::future::Cache<(), Vec<StoredMonth>>,
    /// The guard as it was last known.
    pub(super) last_guard: Arc<Mutex<LastKnown>>,
}

/// What a run needs of the job.
#[derive(Debug)]
pub(super) struct Shared {
    pub parts: ArchiveParts,
    /// The run under way, or else the last one of this process.
    pub shown: watch::Sender<Option<ArchiveRun>>,
    /// The retention guard, for the page.
    pub guarded: Guarded,
}

impl Shared {
    /// Shows the run to whoever watches.
    pub fn show(&self, run: &ArchiveRun) {
        self.shown.send_replace(Some(run.clone()));
    }

    /// Shows what has become of the run, if it is the one that is shown.
    pub fn show_again(&self, run: &ArchiveRun) {
        self.shown.send_if_modified(|shown| {
            let is_shown = shown
                .as_ref()
                .is_some_and(|shown| shown.run_id == run.run_id);
            if is_shown {
                *shown = Some(run.clone());
            }
            is_shown
        });
    }

    /// The run, if it has come to its own end in this process.
    pub fn ended(&self, run_id: &str) -> Option<ArchiveRun> {
        let shown = self.shown.borrow().clone();
        let own_end =
            |run: &ArchiveRun| matches!(run.state, RunState::Succeeded | RunState::Failed);
        shown.filter(|run| run.run_id == run_id && own_end(run))
    }

    /// The present, as the page is told it.
    pub fn now(&self) -> Timestamp {
        self.parts.calendar.timestamp(self.parts.clock.now())
    }
}

impl ArchiveJob {
    /// The job of a server that has just started: runs that an earlier process left unfinished are
    /// marked as interrupted, and their objects removed. Where the record of runs does not answer
    /// or another process's run is going on, that is done later.
    pub async fn open(parts: ArchiveParts) -> Self {
        let job = Self::beside(parts);
        job.recover_at_start().await;
        job
    }

    /// The job of a command that may run beside a server: unfinished runs are left alone until a
    /// run of its own begins.
    pub fn beside(parts: ArchiveParts) -> Self {
        Self {
            shared: Arc::new(Shared {
                parts: ArchiveParts {
                    cancel: parts.cancel.child_token(),
                    ..parts
                },
                shown: watch::Sender::new(None),
                guarded: Guarded::new(),
            }),
            recovering: Arc::default(),
            starting: Arc::default(),
            last_id: Arc::new(Mutex::new(Ulid::nil())),
            tasks: TaskTracker::new(),
            last_read: Arc::default(),
            last_guard: Arc::default(),
            months: moka::future::Cache::builder()
                .time_to_live(MONTHS_FOR)
                .build(),
        }
    }

    /// The run under way, or else the last one of this process; changes as it moves on.
    pub fn subscribe(&self) -> watch::Receiver<Option<ArchiveRun>> {
        self.shared.shown.subscribe()
    }

    /// Starts a run as [`ArchiveJob::begin`] does and returns it when it has ended, however it ended.
    /// `progress` is called with the run as it moves on.
    pub async fn run_to_end(
        &self,
        month: Option<Month>,
        progress: impl FnMut(&ArchiveRun),
    ) -> Result<ArchiveRun, ApiError> {
        let run = self.begin(month).await?.run()?;
        self.follow(run, progress).await
    }

    /// Returns the run when it has ended, however it ended, wherever it is going on.
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
                // Of another process, or somebody has started the next run here already.
                None => {
                    let found = self.shared.parts.log.find(&run.run_id).await;
                    let found = found.map_err(|error| log_failed(&error))?;
                    run = found.ok_or_else(|| ApiError::internal("the run was not recorded"))?;
                    tokio::time::sleep(LOOK_EVERY).await;
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

//! What the archive job works with.

use std::path::PathBuf;
use std::sync::Arc;

use app::model::{ArchiveRun, StartedBy, Timestamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::lease::Leases;
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::objects::ObjectStore;
use crate::store::{OrderStore, RunLog};

/// The stores, and how this process uses them.
#[derive(Clone, Debug)]
pub struct ArchiveParts {
    pub store: Arc<dyn OrderStore>,
    pub log: Arc<dyn RunLog>,
    /// Kept beside the run log.
    pub leases: Leases,
    pub objects: Arc<dyn ObjectStore>,
    /// The folder for exports on their way, in `DATA_DIR`; made when it is first needed.
    pub spool: PathBuf,
    pub clock: Arc<dyn Clock>,
    pub calendar: Calendar,
    /// Who starts the runs of this process.
    pub by: StartedBy,
    /// Ends a run that is under way, and lets no other start.
    pub cancel: CancellationToken,
}

/// What a run needs of the job.
#[derive(Debug)]
pub struct Shared {
    pub parts: ArchiveParts,
    /// The run under way, or else the last one of this process.
    pub shown: watch::Sender<Option<ArchiveRun>>,
}

impl Shared {
    /// Shows the run to all who watch.
    pub fn show(&self, run: &ArchiveRun) {
        self.shown.send_replace(Some(run.clone()));
    }

    /// Shows a recovered run, if it is the one that is shown.
    pub fn show_again(&self, run: &ArchiveRun) {
        self.shown.send_if_modified(|shown| {
            let same = shown.as_mut().filter(|shown| shown.run_id == run.run_id);
            same.map(|shown| *shown = run.clone()).is_some()
        });
    }

    /// The present, as the page shows it.
    pub fn now(&self) -> Timestamp {
        self.parts.calendar.timestamp(self.parts.clock.now())
    }
}

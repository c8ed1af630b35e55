//! What the page was shown last: not every page is a query.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::model::{ArchiveRun, Month, MonthGuard};
use moka::future::Cache;

/// How old the page's list of months may be.
const MONTHS_TTL: Duration = Duration::from_secs(10);
/// How old the guard may be, where another process archives.
const GUARD_TTL: Duration = Duration::from_secs(10);

/// The last answers.
#[derive(Debug)]
pub struct Recent {
    /// The newest runs, for when the run log does not answer.
    runs: Mutex<Option<Vec<ArchiveRun>>>,
    /// The months in the order store, newest first.
    pub months: Cache<(), Vec<Month>>,
    /// By [`Recent::guard_version`].
    pub guard: Cache<u64, Vec<MonthGuard>>,
    guard_version: AtomicU64,
}

impl Recent {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            runs: Mutex::default(),
            months: Cache::builder().time_to_live(MONTHS_TTL).build(),
            guard: Cache::builder().time_to_live(GUARD_TTL).build(),
            guard_version: AtomicU64::new(0),
        }
    }

    /// Keeps the runs.
    pub fn keep_runs(&self, runs: &[ArchiveRun]) {
        let mut kept = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(runs.to_vec());
    }

    /// The runs that were kept last.
    pub fn runs(&self) -> Option<Vec<ArchiveRun>> {
        let kept = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    /// The next page asks the guard again; an answer that is still to come is outdated, too.
    pub fn outdate_guard(&self) {
        self.guard_version.fetch_add(1, Ordering::Relaxed);
    }

    pub fn guard_version(&self) -> u64 {
        self.guard_version.load(Ordering::Relaxed)
    }
}

//! A run of the archive job, from its start to its receipt.

use serde::{Deserialize, Serialize};

use super::{Month, MonthGuard, Timestamp, VerifyOutcome, Window};

/// How far a run has come.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Orders are being exported and stored.
    Running,
    /// The run's own object is stored; it is being read back, and then published.
    Verifying,
    /// The receipt is written: the run's own object holds what was exported.
    Succeeded,
    /// Ended with `error`, without a receipt.
    Failed,
    /// The process ended, or lost its lease, before the receipt was written.
    Interrupted,
}

impl RunState {
    /// Whether the run is still going on.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Verifying)
    }
}

/// Who started a run.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StartedBy {
    #[serde(rename = "page")]
    Page,
    #[serde(rename = "command line")]
    CommandLine,
}

/// The outcome of the newest verification of a run's object.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCheck {
    pub at: Timestamp,
    pub outcome: VerifyOutcome,
}

/// One export of one month; while it runs, `orders` and `bytes` grow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveRun {
    /// A ULID: sorts by start.
    pub run_id: String,
    pub month: Month,
    pub state: RunState,
    /// Lines written.
    pub orders: u64,
    /// Bytes written, line ends included.
    pub bytes: u64,
    /// Orders in the window before the export, if the store could count them. Some may leave the
    /// store during the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// CRC32C (Castagnoli) of the whole object as eight hexadecimal digits, once it is exported.
    pub crc32c: Option<String>,
    /// The well-known path, by the last day that the run covers.
    pub object: String,
    /// The run's own object, which is never overwritten. `None` in records of earlier versions,
    /// which stored the archive at `object` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_as: Option<String>,
    /// Whether the run's bytes were put at `object`. The receipt is written before that, and does
    /// not have this field.
    #[serde(default)]
    pub published: bool,
    /// Why it is not published, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpublished_because: Option<String>,
    /// Where the run's own object is, for people: a `gs://` address or a path.
    pub location: String,
    /// The generation of the run's own object, once it is stored.
    pub generation: Option<i64>,
    /// Documents that no figure can read; archived as they are.
    pub unreadable: u64,
    /// The first few of them: the order's id, or "line 17".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable_first: Vec<String>,
    /// Whether the order store held only synthetic orders, which nobody would miss.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
    /// The month, or the part of it before the start of the run.
    pub window: Window,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// When the object was read back and agreed with the export.
    pub verified_at: Option<Timestamp>,
    /// `None` in records of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<StartedBy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_check: Option<LastCheck>,
    /// What went wrong and what to do, without secrets.
    pub error: Option<String>,
}

impl ArchiveRun {
    /// Whether the newest verification disagrees with the receipt.
    pub fn is_damaged(&self) -> bool {
        self.last_check
            .is_some_and(|check| !check.outcome.is_intact())
    }
}

/// What the archive panel shows. Runs and guard are read independently; each says why it is
/// incomplete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveStatus {
    /// The run under way.
    pub current: Option<ArchiveRun>,
    /// Newest first, 20 at most, the current one not included.
    pub runs: Vec<ArchiveRun>,
    /// Why the runs are the last known ones, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_stale_because: Option<String>,
    /// The months that can be archived, newest first, as far as they are known; the first is the
    /// running month.
    pub months: Vec<Month>,
    /// The known months of the order store, newest first.
    #[serde(default)]
    pub guard: Vec<MonthGuard>,
    /// Since when something is being read that is not known yet, or has changed. A later answer
    /// has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computing_since: Option<Timestamp>,
    /// Where archives go, for people: a `gs://` address or a folder.
    pub destination: String,
}

//! A run of the archive job, from its start to its receipt.

use serde::{Deserialize, Serialize};

use super::{Month, MonthGuard, Timestamp, Window};

/// How far a run has come.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Orders are being written.
    Running,
    /// All is written; what is stored is being read back.
    Verifying,
    /// Stored, and proved to be what was read.
    Succeeded,
    /// Ended with `error`; nothing stands under the final name that was not there before.
    Failed,
    /// The server ended while the run was under way.
    Interrupted,
}

impl RunState {
    /// Whether the run is still going on.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Verifying)
    }
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
    /// The orders in the window when the run started, where the store has told: what is still to
    /// come can be reckoned from it. Not a promise, since orders may leave the store meanwhile. Of a
    /// run that was done before the store was asked, the orders that were found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// CRC32C (Castagnoli) of the whole object as eight hexadecimal digits, once it is written.
    pub crc32c: Option<String>,
    /// The object's name in its store.
    pub object: String,
    /// Where the object is, for people: a `gs://` address or a path.
    pub location: String,
    /// The object's generation, once it stands under its name.
    pub generation: Option<i64>,
    /// Documents without a usable total or time.
    pub unreadable: u64,
    /// How many of the orders, less those that are unreadable, were made in each 24 hours from the
    /// window's start, up to the last with any line: by them it can be told whether orders have come
    /// since, even when the first have left the order store. Empty until all is written, and in
    /// receipts of earlier versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub daily: Vec<u64>,
    /// Whether the order store held synthetic orders only: nothing that anybody could lose.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
    /// The month, or its part that had passed when the run started.
    pub window: Window,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub verified_at: Option<Timestamp>,
    /// When reading back has shown that what stands there is not what this run has stored, although it
    /// is as long; `None` again once it is seen to be that, and always in the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damaged_at: Option<Timestamp>,
    /// What went wrong and what to do, without secrets.
    pub error: Option<String>,
}

/// What the archive panel shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveStatus {
    /// The run under way.
    pub current: Option<ArchiveRun>,
    /// Newest first, 20 at most, the current one not included.
    pub runs: Vec<ArchiveRun>,
    /// The months that can be archived, newest first; the first is the running month.
    pub months: Vec<Month>,
    /// Where archives go, for people: a `gs://` address or a folder.
    pub destination: String,
    /// Why the runs are those last known, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_because: Option<String>,
    /// Every month that is still in the order store, newest first.
    #[serde(default)]
    pub guard: Vec<MonthGuard>,
    /// Why the guard is the last known one, or as it is recorded, or none where nothing is known; `None`
    /// where it is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard_stale_because: Option<String>,
}

//! How an archive compares with its receipt.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// How what is stored compares with the receipt.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifyOutcome {
    /// Lines, bytes and checksum agree with the receipt.
    Intact,
    /// Other content.
    Changed,
    /// Shorter than it was.
    Truncated,
    /// The object is gone.
    Missing,
}

impl VerifyOutcome {
    /// "intact".
    pub fn word(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Changed => "changed",
            Self::Truncated => "truncated",
            Self::Missing => "missing",
        }
    }

    /// Whether the archive agrees with the receipt.
    pub fn is_intact(self) -> bool {
        self == Self::Intact
    }
}

/// The figures of a receipt, or of the object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveFigures {
    /// Lines.
    pub orders: u64,
    pub bytes: u64,
    /// CRC32C (Castagnoli) as eight hexadecimal digits.
    pub crc32c: String,
    /// `None` if the store has no generations.
    pub generation: Option<i64>,
}

/// The comparison of a run's object with its receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    pub run_id: String,
    /// The object that was read: the run's own, or the well-known path for a run of an earlier
    /// version.
    pub object: String,
    /// Where the object is, for people.
    pub location: String,
    pub checked_at: Timestamp,
    pub outcome: VerifyOutcome,
    /// What the receipt says.
    pub expected: ArchiveFigures,
    /// What the object has; `None` if there is no object.
    pub found: Option<ArchiveFigures>,
    /// The outcome in words, with the figure that differs and what to do.
    pub message: String,
}

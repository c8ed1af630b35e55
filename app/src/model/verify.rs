//! How an archive compares with its receipt.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// How what is stored compares with the receipt.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifyOutcome {
    /// The lines, bytes and checksum of the receipt.
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

    /// Whether the archive is there as the receipt says.
    pub fn is_intact(self) -> bool {
        self == Self::Intact
    }
}

/// The figures of a receipt, or of what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveFigures {
    /// Lines.
    pub orders: u64,
    pub bytes: u64,
    /// CRC32C (Castagnoli) as eight hexadecimal digits.
    pub crc32c: String,
    /// Where the store tells it.
    pub generation: Option<i64>,
}

/// A run's object that was read back and compared with the run's receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    pub run_id: String,
    /// The object that was read: the run's own, or of an earlier version the well-known path.
    pub object: String,
    /// Where the object is, for people.
    pub location: String,
    pub checked_at: Timestamp,
    pub outcome: VerifyOutcome,
    /// What the receipt says.
    pub expected: ArchiveFigures,
    /// What is there; `None` if nothing is.
    pub found: Option<ArchiveFigures>,
    /// The outcome in words, with the figure that differs and what to do.
    pub message: String,
}

//! What has become of an archive since its receipt.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// How what is stored compares with the receipt.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifyOutcome {
    /// Byte for byte what was archived.
    Intact,
    /// Other content, that no run of ours has written.
    Changed,
    /// Shorter than it was.
    Truncated,
    /// A later run has written its archive under the same name, and that one is intact; or the same
    /// content was written there once more.
    Replaced,
    /// There is nothing under the name any more.
    Missing,
}

impl VerifyOutcome {
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

/// An archive that was read back and compared with the receipt of its run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    pub run_id: String,
    /// The object's name in its store.
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

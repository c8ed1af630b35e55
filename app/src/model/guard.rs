//! Which months are archived, and which are about to be lost.

use serde::{Deserialize, Serialize};

use super::{Month, Timestamp};

/// A run whose archive holds a whole month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompleteArchive {
    pub run_id: String,
    pub verified_at: Timestamp,
}

/// How safe the orders of one month are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthGuard {
    pub month: Month,
    /// The run whose archive stands there and holds the month from its first instant to its end, verified;
    /// `None` as long as there is none, and always for the running month.
    pub archive: Option<CompleteArchive>,
    /// Whether the archive was complete, but orders have come since.
    #[serde(default)]
    pub outdated: bool,
    /// Whether the month was archived completely, but its archive is gone, or is not what was stored.
    #[serde(default)]
    pub damaged: bool,
    /// Orders of the month in the order store; for the page only where it has told soon.
    pub orders: Option<u64>,
    /// When the oldest of its orders that are in the order store leave it: 35 days after the first of them.
    pub leaves_at: Timestamp,
    /// Whether there is no complete archive, and orders leave within 7 days or leave already: the
    /// month has to be archived now.
    pub urgent: bool,
}

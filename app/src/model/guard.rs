//! Which months are archived, and which are about to be lost.

use serde::{Deserialize, Serialize};

use super::{Month, Timestamp};

/// One month of the order store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthGuard {
    pub month: Month,
    #[serde(flatten)]
    pub state: MonthState,
}

/// How safe a month's orders are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MonthState {
    /// The month is not over.
    InProgress,
    /// A verified run holds the whole month.
    Archived {
        run_id: String,
        verified_at: Timestamp,
        /// Orders that have come since. `None` unless the whole month is in the store.
        since: Option<u64>,
    },
    /// The month is over and no run holds all of it.
    Open {
        /// When its oldest order leaves the store, 35 days after its `created_at`.
        leaves_at: Timestamp,
        /// Whether that is less than 7 days away, or has passed.
        urgent: bool,
    },
    /// A store did not answer.
    Unknown {
        /// Which store, and how it failed.
        because: String,
    },
}

impl MonthGuard {
    /// Whether somebody has to archive the month now.
    pub fn is_urgent(&self) -> bool {
        matches!(self.state, MonthState::Open { urgent: true, .. })
    }

    /// Whether a store did not answer.
    pub fn is_unknown(&self) -> bool {
        matches!(self.state, MonthState::Unknown { .. })
    }
}

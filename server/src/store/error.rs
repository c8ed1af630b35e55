//! How a store fails, named by outcome.

use std::error::Error;

use app::model::Trouble;
use thiserror::Error;

/// A failed operation on an order store. The cause is for the log, never for the browser.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The store cannot be reached; the same call may work later.
    #[error("{store} is not available: {operation} failed")]
    Unavailable {
        store: &'static str,
        operation: &'static str,
        source: Box<dyn Error + Send + Sync>,
    },
    /// The store can be reached, and has not answered in time. It may be slow.
    #[error("{store} is slow: {operation} took too long and was given up")]
    Late {
        store: String,
        operation: &'static str,
    },
    /// The store is known to be away, and was not asked. The log has said so once.
    #[error("{store} is not available: {reason}")]
    LeftAlone { store: &'static str, reason: String },
    /// What is stored, or how the store is set up, is not what it should be: somebody has to act.
    #[error("{store} cannot be used: {problem}")]
    Unusable {
        store: &'static str,
        problem: String,
        source: Option<Box<dyn Error + Send + Sync>>,
    },
}

/// The problem of a sum of cents that does not fit; the same in every store.
pub(super) const TOO_LARGE_A_SUM: &str = "the orders' totals add up to more than 64 bits of cents; \
    look for totals that are too large to be true";

impl StoreError {
    /// Whether it may end by itself, or somebody has to act.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Unusable { .. } => Trouble::Refused,
            Self::Unavailable { .. } | Self::Late { .. } | Self::LeftAlone { .. } => Trouble::Away,
        }
    }
}

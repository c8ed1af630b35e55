//! Why a cache does not work.

use app::model::Trouble;
use thiserror::Error;

/// What is wrong, in words without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{words}")]
pub struct CacheError {
    pub words: String,
    /// Whether it may end by itself or somebody must act.
    pub trouble: Trouble,
}

//! Why a cache is not as it should be.

use app::model::Trouble;
use thiserror::Error;

/// What a ping has found, in words without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{words}")]
pub struct CacheError {
    pub words: String,
    /// Who can mend it.
    pub trouble: Trouble,
}

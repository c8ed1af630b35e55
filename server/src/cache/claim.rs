//! Claims: which replica computes an answer that several miss at once.

use std::time::Duration;

/// The answer to [`super::Cache::claim`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// This replica computes. The claim ends when it is released or not renewed for [`CLAIMED_FOR`].
    Ours(String),
    /// Another replica computes; its answer will be in the cache.
    Theirs,
    /// The cache does not answer.
    Unknown,
}

/// How long a claim lasts without renewal, because its replica may have died.
pub const CLAIMED_FOR: Duration = Duration::from_secs(3);

//! Who computes an answer that several replicas miss at once.

use std::time::Duration;

/// The answer to [`super::Cache::claim`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody else computes until this is released or [`CLAIMED_FOR`] has passed.
    Ours(String),
    /// Somebody else computes; the answer will be in the cache soon.
    Theirs,
    /// The cache does not say, and nobody should wait for it.
    Unknown,
}

/// A claim ends by itself after so long, for the replica that made it may have died.
pub const CLAIMED_FOR: Duration = Duration::from_secs(3);

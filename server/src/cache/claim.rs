//! Who computes an answer that several replicas miss at once.

use std::time::Duration;

/// The answer to [`super::Cache::claim`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody else computes until this is released, or has not been renewed for [`CLAIMED_FOR`].
    Ours(String),
    /// Another replica computes; the answer will be in the cache.
    Theirs,
    /// The cache does not say, and nobody should wait for it.
    Unknown,
}

/// How long a claim lasts that is not renewed: the replica that made it may have died.
pub const CLAIMED_FOR: Duration = Duration::from_secs(3);

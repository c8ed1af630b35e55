//! The cache of computed answers.

use std::fmt::{Debug, Display};

use async_trait::async_trait;

mod claim;
mod entry;
mod error;
mod expiry;
mod key;
mod memory;
mod redis;
mod rows;

pub use claim::{CLAIMED_FOR, Claim};
pub use entry::{Cached, Entry};
pub use error::CacheError;
pub use key::Key;
pub use memory::MemoryCache;
pub use redis::{OpenError, RedisCache};
pub use rows::Rows;

/// The cache is a helper, not a source: every failure is a miss.
///
/// `Display` names the backend for people ("in-process cache").
#[async_trait]
pub trait Cache: Debug + Display + Send + Sync + 'static {
    /// The entry under `key`, until it expires.
    async fn get(&self, key: &Key) -> Option<Entry>;

    /// The entries under all `keys`; `None` if the cache does not answer.
    async fn get_all(&self, keys: &[Key]) -> Option<Vec<Option<Entry>>> {
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            entries.push(self.get(key).await);
        }
        Some(entries)
    }

    /// Stores `entry` for the lifetime of `key` and returns whether that succeeded.
    async fn put(&self, key: &Key, entry: Entry) -> bool;

    /// Asks to be the only replica that computes `key`. A cache of one process always agrees.
    async fn claim(&self, key: &Key) -> Claim {
        let _ = key;
        Claim::Ours(String::new())
    }

    /// Extends the claim on `key` to [`CLAIMED_FOR`] from now.
    async fn renew(&self, key: &Key) {
        let _ = key;
    }

    /// Ends the claim, so that others need not wait until it expires.
    async fn release(&self, key: &Key, token: &str) {
        let _ = (key, token);
    }

    /// False while the cache is known to be down.
    fn is_up(&self) -> bool {
        true
    }

    /// Checks that the cache works. The error has no secrets.
    async fn ping(&self) -> Result<(), CacheError>;
}

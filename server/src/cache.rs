//! Where computed answers wait for their next reader.

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

/// The cache is a helper, not a source: whatever goes wrong in it is a miss.
///
/// `Display` names the backend for people ("in-process cache").
#[async_trait]
pub trait Cache: Debug + Display + Send + Sync + 'static {
    /// What was last put under `key`, while it lives.
    async fn get(&self, key: &Key) -> Option<Entry>;

    /// Keeps `entry` for the lifetime of `key`, replacing what was there; whether that is known to
    /// have been done.
    async fn put(&self, key: &Key, entry: Entry) -> bool;

    /// Asks to be the one replica that computes `key` next. A cache that only this process sees
    /// always agrees.
    async fn claim(&self, key: &Key) -> Claim {
        let _ = key;
        Claim::Ours(String::new())
    }

    /// Lets the claim on `key` last for [`CLAIMED_FOR`] from now on.
    async fn renew(&self, key: &Key) {
        let _ = key;
    }

    /// Gives back what [`Cache::claim`] gave, so that others need not wait for it to expire.
    async fn release(&self, key: &Key, token: &str) {
        let _ = (key, token);
    }

    /// Whether it is worth asking: false while the cache is known to be away.
    fn is_up(&self) -> bool {
        true
    }

    /// Whether the cache answers; if not, why, without secrets.
    async fn ping(&self) -> Result<(), CacheError>;
}

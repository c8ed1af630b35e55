//! Where computed answers wait for their next reader.

use std::fmt::{Debug, Display};

use async_trait::async_trait;

mod entry;
mod key;
mod memory;
mod rows;

pub use entry::{Cached, Entry};
pub use key::Key;
pub use memory::MemoryCache;
pub use rows::Rows;

/// The cache is a helper, not a source: whatever goes wrong in it is a miss.
///
/// `Display` names the backend for people ("in-process cache").
#[async_trait]
pub trait Cache: Debug + Display + Send + Sync + 'static {
    /// What was last put under `key`, while it lives.
    async fn get(&self, key: Key) -> Option<Entry>;

    /// Keeps `entry` for the lifetime of `key`, replacing what was there.
    async fn put(&self, key: Key, entry: Entry);

    /// Whether the cache answers; if not, why, without secrets.
    async fn ping(&self) -> Result<(), String>;
}

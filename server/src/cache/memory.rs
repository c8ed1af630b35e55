//! The default cache, inside this process.

use std::fmt;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::Expiry;

use super::expiry::expires_in;
use super::{Cache, CacheError, Entry, Key};

/// More than there are panels, and a bound to what filters can fill it with.
const MOST_ENTRIES: u64 = 1_000;

/// Answers in the memory of this process.
#[derive(Debug)]
pub struct MemoryCache {
    entries: moka::future::Cache<Key, Entry>,
}

impl MemoryCache {
    pub fn new() -> Self {
        let entries = moka::future::Cache::builder()
            .max_capacity(MOST_ENTRIES)
            .expire_after(TimeToLive)
            .build();
        Self { entries }
    }
}

impl Default for MemoryCache {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for MemoryCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("in-process cache")
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &Key) -> Option<Entry> {
        self.entries.get(key).await
    }

    async fn put(&self, key: &Key, entry: Entry) -> bool {
        self.entries.insert(key.clone(), entry).await;
        true
    }

    async fn ping(&self) -> Result<(), CacheError> {
        Ok(())
    }
}

struct TimeToLive;

impl Expiry<Key, Entry> for TimeToLive {
    fn expire_after_create(&self, key: &Key, _: &Entry, _: Instant) -> Option<Duration> {
        Some(expires_in(key))
    }

    fn expire_after_update(
        &self,
        key: &Key,
        _: &Entry,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(expires_in(key))
    }
}

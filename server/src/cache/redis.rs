//! Redis, a cache that replicas share and other programs read.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use app::model::Trouble;
use async_trait::async_trait;
use futures::FutureExt;
use redis::RedisResult;
use thiserror::Error;
use ulid::Ulid;

use self::link::Link;
use self::troubles::Troubles;
use self::words::Words;
use super::{Cache, CacheError, Claim, Entry, Key};
use crate::breaker::Breaker;
use crate::config::RedisConfig;

mod clean;
mod commands;
mod connect;
mod link;
mod troubles;
mod words;

/// A slow or broken server costs a read at most [`link::COMMAND_TIMEOUT`], and nothing once the breaker
/// is open.
pub struct RedisCache {
    location: String,
    link: Arc<Link>,
    breaker: Breaker,
    troubles: Arc<Troubles>,
}

/// The configuration cannot be used. A server that is down is not an error here.
#[derive(Debug, Error)]
#[error("the cache {location} cannot be set up: {reason}")]
pub struct OpenError {
    location: String,
    reason: String,
}

impl RedisCache {
    /// Does not connect: the server may be down. Must be called within a tokio runtime.
    pub fn open(config: &RedisConfig) -> Result<Self, OpenError> {
        Self::connect(config, None)
    }

    /// Does the same, but trusts the PEM certificates `roots` instead of those of the system.
    pub fn open_trusting(config: &RedisConfig, roots: &[u8]) -> Result<Self, OpenError> {
        Self::connect(config, Some(roots))
    }

    fn connect(config: &RedisConfig, roots: Option<&[u8]>) -> Result<Self, OpenError> {
        let location = connect::location(config);
        let words = Words::of(config);
        let link = connect::client(config, roots).and_then(Link::new);
        let link = match link {
            Ok(link) => Arc::new(link),
            Err(error) => {
                let reason = words.say(&error);
                return Err(OpenError { location, reason });
            }
        };
        let troubles = Arc::new(Troubles::new(location.clone(), words));
        let probed = (link.clone(), troubles.clone());
        let breaker = Breaker::new(location.clone(), move || {
            let (link, troubles) = probed.clone();
            async move {
                let renewed = link.renew().await;
                renewed.inspect_err(|error| _ = troubles.met(error)).is_ok()
            }
            .boxed()
        });
        Ok(Self {
            troubles,
            location,
            link,
            breaker,
        })
    }

    /// The address without secrets: "redis://host:6379/0".
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Removes our keys, and no others, and returns how many there were.
    pub async fn clean(&self) -> Result<u64, String> {
        let cleaned = clean::clean(self.link.client()).await;
        cleaned.map_err(|error| self.troubles.say(&error))
    }

    /// The answer to `command`; `None` after a failure, which the breaker counts. A refusal opens it at
    /// once: a cache that accepts no answers does not help, even if it can be read.
    async fn ask<T>(&self, command: impl Future<Output = RedisResult<T>>) -> Option<T> {
        if !self.breaker.is_closed() {
            return None;
        }
        match link::in_time(command).await {
            Ok(answer) => {
                self.breaker.succeeded();
                Some(answer)
            }
            Err(error) => {
                let met = self.troubles.met(&error);
                match met.trouble {
                    Trouble::Away | Trouble::Slow => self.breaker.failed(),
                    Trouble::Refused | Trouble::Unwritable => self.breaker.open(&met.words),
                }
                None
            }
        }
    }
}

impl fmt::Display for RedisCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redis")
    }
}

impl fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisCache")
            .field("location", &self.location)
            .field("breaker", &self.breaker)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, key: &Key) -> Option<Entry> {
        let command = commands::read(self.link.connection(), key);
        self.ask(command).await?
    }

    async fn get_all(&self, keys: &[Key]) -> Option<Vec<Option<Entry>>> {
        let command = commands::read_all(self.link.connection(), keys);
        self.ask(command).await
    }

    async fn put(&self, key: &Key, entry: Entry) -> bool {
        if !commands::is_readable(&entry) {
            return false;
        }
        let command = commands::write(self.link.connection(), key, entry);
        self.ask(command).await.is_some()
    }

    async fn claim(&self, key: &Key) -> Claim {
        let token = Ulid::new().to_string();
        let command = commands::claim(self.link.connection(), key, &token);
        match self.ask(command).await {
            Some(true) => Claim::Ours(token),
            Some(false) => Claim::Theirs,
            None => Claim::Unknown,
        }
    }

    async fn renew(&self, key: &Key) {
        let command = commands::renew(self.link.connection(), key);
        self.ask(command).await;
    }

    async fn release(&self, key: &Key, token: &str) {
        let command = commands::release(self.link.connection(), key, token);
        self.ask(command).await;
    }

    fn is_up(&self) -> bool {
        self.breaker.is_closed()
    }

    /// Does not ask while the breaker is open: the reason is known.
    async fn ping(&self) -> Result<(), CacheError> {
        let command = commands::check(self.link.connection());
        let answer = self.ask(command).await;
        answer.ok_or_else(|| self.troubles.last())
    }
}

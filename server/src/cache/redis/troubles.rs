//! Errors of Redis: logged once, and remembered for the page.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::model::Trouble;
use redis::RedisError;
use tokio::time::Instant;

use super::words::{Words, kind};
use crate::cache::CacheError;

/// An error is logged again after this long without it.
const LOG_PAUSE: Duration = Duration::from_secs(60);

pub struct Troubles {
    server: String,
    words: Words,
    /// A std lock, because nothing awaits while it is held.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    last: Option<CacheError>,
    /// The latest errors, and when they last happened.
    recent: Vec<(String, Instant)>,
}

impl Known {
    /// Notes an error and returns whether it should be logged.
    fn is_news(&mut self, words: &str) -> bool {
        self.recent.retain(|(_, at)| at.elapsed() < LOG_PAUSE);
        let now = Instant::now();
        let known = self.recent.iter_mut().find(|(known, _)| known == words);
        if let Some((_, at)) = known {
            *at = now;
            return false;
        }
        self.recent.push((words.to_owned(), now));
        true
    }
}

impl Troubles {
    /// `server` is its name for the log.
    pub fn new(server: String, words: Words) -> Self {
        Self {
            server,
            words,
            known: Mutex::default(),
        }
    }

    /// What `error` means, and notes it. An error that may end by itself is logged unless that was done
    /// lately; the breaker logs a refusal.
    pub fn met(&self, error: &RedisError) -> CacheError {
        let met = CacheError {
            words: self.words.say(error),
            trouble: kind(error),
        };
        let mut known = self.known();
        if met.trouble == Trouble::Away && known.is_news(&met.words) {
            tracing::warn!(server = self.server, "the cache fails: {}", met.words);
        }
        known.last = Some(met.clone());
        met
    }

    pub fn say(&self, error: &RedisError) -> String {
        self.words.say(error)
    }

    /// The last error.
    pub fn last(&self) -> CacheError {
        let last = self.known().last.clone();
        last.unwrap_or_else(|| CacheError {
            words: String::new(),
            trouble: Trouble::Away,
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

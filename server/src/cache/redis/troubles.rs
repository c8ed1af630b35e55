//! Errors of Redis: logged once, and remembered for the page.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::model::Trouble as Kind;
use redis::RedisError;
use tokio::time::Instant;

use super::words::{Words, is_refusal, kind};
use crate::cache::CacheError;

/// An error is logged again after this long without it.
const LOG_PAUSE: Duration = Duration::from_secs(60);

/// The server may refuse one operation and allow another.
#[derive(Copy, Clone, Debug)]
pub enum Operation {
    Read,
    Write,
    Claim,
    Release,
}

const OPERATIONS: usize = 4;

pub struct Troubles {
    server: String,
    words: Words,
    /// A std lock, because nothing awaits while it is held.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    last: Option<CacheError>,
    of: [Trouble; OPERATIONS],
}

#[derive(Default)]
struct Trouble {
    /// Why the server refused the last one, if it did.
    refused: Option<String>,
    /// The latest errors, and when they last happened.
    recent: Vec<(String, Instant)>,
}

impl Trouble {
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

    /// Notes that `operation` succeeded.
    pub fn succeeded(&self, operation: Operation) {
        self.known().of[operation as usize].refused = None;
    }

    /// Notes that `operation` failed, and logs it unless that was done lately.
    pub fn failed(&self, operation: Operation, error: &RedisError) {
        let words = self.words.say(error);
        let mut known = self.known();
        let trouble = &mut known.of[operation as usize];
        trouble.refused = is_refusal(error).then(|| words.clone());
        if trouble.is_news(&words) {
            let verb = verb(operation);
            tracing::warn!(server = self.server, "the cache does not {verb}: {words}");
        }
        known.last = Some(CacheError {
            words,
            trouble: kind(error),
        });
    }

    pub fn say(&self, error: &RedisError) -> String {
        self.words.say(error)
    }

    /// The last error.
    pub fn last(&self) -> CacheError {
        let last = self.known().last.clone();
        last.unwrap_or_else(|| CacheError {
            words: String::new(),
            trouble: Kind::Away,
        })
    }

    /// Why the server refuses to store answers, if it does.
    pub fn refused_write(&self) -> Option<CacheError> {
        let words = self.known().of[Operation::Write as usize].refused.clone()?;
        let trouble = Kind::Unwritable;
        Some(CacheError { words, trouble })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn verb(operation: Operation) -> &'static str {
    match operation {
        Operation::Read => "return answers",
        Operation::Write => "keep answers",
        Operation::Claim => "accept claims",
        Operation::Release => "release claims",
    }
}

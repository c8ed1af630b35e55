//! What does not work, for the log and for people.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::model::Trouble as Kind;
use redis::RedisError;
use tokio::time::Instant;

use super::words::{Words, is_refusal, kind};
use crate::cache::CacheError;

/// A trouble that lasts, or comes and goes, is logged once; again after so long without it.
const PAUSE: Duration = Duration::from_secs(60);

/// What was asked of the server. One may be refused while another is granted.
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
    /// A std lock, because nothing awaits under it.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    last: Option<CacheError>,
    of: [Trouble; OPERATIONS],
}

#[derive(Default)]
struct Trouble {
    /// Why the server said no, if it did so the last time.
    refused: Option<String>,
    /// What was met of late, and when.
    met: Vec<(String, Instant)>,
}

impl Trouble {
    /// Whether `words` were not met for so long that people should be told.
    fn is_news(&mut self, words: &str) -> bool {
        self.met.retain(|(_, at)| at.elapsed() < PAUSE);
        let now = Instant::now();
        let known = self.met.iter_mut().find(|(met, _)| met == words);
        if let Some((_, at)) = known {
            *at = now;
            return false;
        }
        self.met.push((words.to_owned(), now));
        true
    }
}

impl Troubles {
    /// None yet. `server` is its name for the log.
    pub fn new(server: String, words: Words) -> Self {
        Self {
            server,
            words,
            known: Mutex::default(),
        }
    }

    /// `operation` worked.
    pub fn ended(&self, operation: Operation) {
        self.known().of[operation as usize].refused = None;
    }

    /// `operation` failed: logged unless it is known.
    pub fn met(&self, operation: Operation, error: &RedisError) {
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

    /// The words for `error`.
    pub fn say(&self, error: &RedisError) -> String {
        self.words.say(error)
    }

    /// The last trouble of all.
    pub fn last(&self) -> CacheError {
        let last = self.known().last.clone();
        last.unwrap_or_else(|| CacheError {
            words: String::new(),
            trouble: Kind::Away,
        })
    }

    /// Why the server refuses to keep answers, if it does.
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
        Operation::Read => "give answers",
        Operation::Write => "keep answers",
        Operation::Claim => "take claims",
        Operation::Release => "release claims",
    }
}

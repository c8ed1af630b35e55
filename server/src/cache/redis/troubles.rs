//! What does not work, for the log and for people.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::RedisError;
use tokio::time::Instant;

use super::words::{Words, is_refusal};

/// The same trouble that comes and goes is not logged more often.
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
    last: String,
    of: [Trouble; OPERATIONS],
}

#[derive(Default)]
struct Trouble {
    /// Whether the operation failed the last time.
    lasts: bool,
    /// The server answered, and the answer was no.
    refused: bool,
    words: String,
    logged: Option<Instant>,
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
        self.known().of[operation as usize].lasts = false;
    }

    /// `operation` failed: logged unless it is known.
    pub fn met(&self, operation: Operation, error: &RedisError) {
        let words = self.words.say(error);
        let mut known = self.known();
        known.last.clone_from(&words);
        let trouble = &mut known.of[operation as usize];
        let news = trouble.words != words
            || !trouble.lasts && trouble.logged.is_none_or(|at| at.elapsed() >= PAUSE);
        trouble.lasts = true;
        trouble.refused = is_refusal(error);
        trouble.words = words;
        if !news {
            return;
        }
        trouble.logged = Some(Instant::now());
        tracing::warn!(
            server = self.server,
            "the cache does not {}: {}",
            verb(operation),
            trouble.words
        );
    }

    /// The words for `error`.
    pub fn say(&self, error: &RedisError) -> String {
        self.words.say(error)
    }

    /// The last trouble of all.
    pub fn last(&self) -> String {
        self.known().last.clone()
    }

    /// Why the server refuses to keep answers, if it does.
    pub fn refused_write(&self) -> Option<String> {
        let known = self.known();
        let trouble = &known.of[Operation::Write as usize];
        (trouble.lasts && trouble.refused).then(|| trouble.words.clone())
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

//! What has become of the attempt to use a store.

use std::error::Error;
use std::fmt::Display;
use std::time::Duration;

use app::model::{Timestamp, UnknownStatus};
use serde::Serialize;
use tokio::time::{Instant, timeout};

use crate::causes::with_causes;

/// How long each store may take. Connecting to MongoDB may take 10 s.
pub const CHECK_TIMEOUT: Duration = Duration::from_secs(12);

/// The state of one store, without secrets.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// "orders", "cache" or "archive".
    pub store: &'static str,
    /// The name of the backend: "SQLite".
    pub kind: String,
    pub location: String,
    /// Whether it works.
    pub up: bool,
    /// How long its answer took; `None` without an answer.
    pub latency_ms: Option<f64>,
    /// The rest only of the order store, as far as they are known.
    pub orders: Option<u64>,
    pub newest_order: Option<Timestamp>,
    pub unreadable: Option<u64>,
    /// How many `order_id`s more than one document has.
    pub duplicates: Option<u64>,
    /// The statuses of orders of the last 30 days that no figure knows.
    pub unknown_statuses: Vec<UnknownStatus>,
    pub missing_indexes: Vec<String>,
    /// What is wrong, and what to do about it.
    pub notes: Vec<String>,
}

type Attempt = Result<(), Box<dyn Error + Send + Sync>>;

impl Checked {
    /// Not tried yet.
    pub fn new(store: &'static str, kind: impl Display, location: impl Display) -> Self {
        Self {
            store,
            kind: kind.to_string(),
            location: location.to_string(),
            up: false,
            latency_ms: None,
            orders: None,
            newest_order: None,
            unreadable: None,
            duplicates: None,
            unknown_statuses: Vec::new(),
            missing_indexes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// It works, and has taken since `started`.
    pub fn answered(&mut self, started: Instant) {
        self.up = true;
        self.latency_ms = Some(started.elapsed().as_micros() as f64 / 1_000.0);
    }

    /// Makes the attempt, in [`CHECK_TIMEOUT`] at most. A store that fails is down; one that has
    /// answered and then takes too long is not.
    pub async fn tried(mut self, attempt: impl AsyncFnOnce(&mut Self) -> Attempt) -> Self {
        let seconds = CHECK_TIMEOUT.as_secs();
        match timeout(CHECK_TIMEOUT, attempt(&mut self)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                self.up = false;
                self.notes.push(with_causes(error.as_ref()));
            }
            Err(_) if self.up => self
                .notes
                .push(format!("not everything was read within {seconds} s")),
            Err(_) => self.notes.push(format!("no answer within {seconds} s")),
        }
        self
    }
}

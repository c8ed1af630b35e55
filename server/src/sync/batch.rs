//! What the stream has told and is not yet written.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tokio_postgres::types::PgLsn;

use super::feed::Event;

/// How long keys are gathered, from the first on.
const GATHER: Duration = Duration::from_millis(20);
/// How many keys are gathered at most, also in the midst of a transaction.
const MAX_KEYS: usize = 5_000;

#[derive(Debug, Default)]
pub struct Batch {
    pub keys: BTreeSet<String>,
    /// The transactions that the keys are of.
    pub xids: HashSet<u32>,
    pub truncated: bool,
    /// When it is to be written.
    pub due: Option<Instant>,
    /// The end of the last transaction that is whole in here, and when it was committed.
    pub commit: Option<(PgLsn, DateTime<Utc>)>,
    /// A position that an idle source has told.
    pub idle: Option<PgLsn>,
    /// The transaction that is being told.
    open: Option<u32>,
}

impl Batch {
    pub fn add(&mut self, event: Event) {
        match event {
            Event::Begin { xid } => {
                self.open = Some(xid);
                return;
            }
            Event::Idle { end } => {
                self.idle = self.is_idle().then_some(end).or(self.idle);
                return;
            }
            Event::Changed(keys) => {
                self.keys.extend(keys);
                self.xids.extend(self.open);
            }
            Event::Truncated => {
                self.truncated = true;
                self.xids.extend(self.open);
            }
            Event::Commit { end, at } => {
                self.open = None;
                self.commit = Some((end, at));
            }
        }
        self.due.get_or_insert_with(|| Instant::now() + GATHER);
    }

    /// Whether nothing is gathered, and no transaction is being told.
    pub fn is_idle(&self) -> bool {
        self.due.is_none() && self.open.is_none()
    }

    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now()) || self.keys.len() >= MAX_KEYS
    }

    /// Everything is written; a transaction may go on.
    pub fn clear(&mut self) {
        *self = Self {
            open: self.open,
            ..Self::default()
        };
    }
}

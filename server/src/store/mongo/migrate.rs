//! Making the indexes that are missing.

use chrono::{DateTime, TimeDelta, Utc};
use mongodb::bson::{Document, doc};

use super::calls::Calls;
use super::indexes::{EXPIRY, INDEXES, Index, State, UNIQUE, there};
use super::run_log::RUNS;
use super::{DAYS, ORDERS, StoreError, pipelines};

/// What would be done to the database. Finding out changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The indexes that will be made, by name.
    pub indexes: Vec<&'static str>,
    /// Whether `orders` does not exist yet, and will be made with the first index.
    pub creates_orders: bool,
    /// Orders that the server will delete soon after the expiry index is made: those older than 35
    /// days. 0 if the index exists.
    pub would_expire: u64,
    /// How many `order_id`s more than one document has. If there are any, the unique index cannot be
    /// made and is not among `indexes`.
    pub duplicate_ids: u64,
    /// Indexes that are in the way: one line each, with what to do. They are left alone.
    pub conflicts: Vec<String>,
}

impl Migration {
    /// Whether orders will begin to expire.
    pub fn sets_expiry(&self) -> bool {
        self.indexes.contains(&EXPIRY)
    }

    /// Whether there is nothing to do.
    pub fn is_done(&self) -> bool {
        self.indexes.is_empty() && self.duplicate_ids == 0 && self.conflicts.is_empty()
    }
}

/// What has to be done. [`StoreError::Unusable`] when `orders` is a view.
pub(super) async fn migration(calls: &Calls, now: DateTime<Utc>) -> Result<Migration, StoreError> {
    let calls = calls.long();
    let (orders, runs) = (there(&calls, ORDERS).await?, there(&calls, RUNS).await?);
    let mut migration = Migration {
        indexes: Vec::new(),
        creates_orders: orders.is_none(),
        would_expire: 0,
        duplicate_ids: 0,
        conflicts: Vec::new(),
    };
    let (orders, runs) = (orders.unwrap_or_default(), runs.unwrap_or_default());
    for index in INDEXES {
        match index.state(if index.0 == ORDERS { &orders } else { &runs }) {
            State::There => {}
            State::Missing => migration.indexes.push(index.1),
            State::Conflict(problem) => migration.conflicts.push(problem),
        }
    }
    if migration.indexes.contains(&EXPIRY) {
        let expired = (now - TimeDelta::days(DAYS)).timestamp_millis();
        let counted = calls.counted("count expired orders", pipelines::before(expired));
        migration.would_expire = counted.await?;
    }
    if migration.indexes.contains(&UNIQUE) {
        let counted = calls.counted("look for duplicates", pipelines::duplicates());
        migration.duplicate_ids = counted.await?;
        if migration.duplicate_ids > 0 {
            migration.indexes.retain(|name| *name != UNIQUE);
        }
    }
    Ok(migration)
}

/// Makes the indexes, those of a collection in one command.
pub(super) async fn migrate(calls: &Calls, migration: &Migration) -> Result<(), StoreError> {
    let calls = calls.long();
    for collection in [RUNS, ORDERS] {
        let indexes: Vec<Document> = INDEXES
            .iter()
            .filter(|index| index.0 == collection && migration.indexes.contains(&index.1))
            .map(Index::definition)
            .collect();
        if !indexes.is_empty() {
            let command = doc! { "createIndexes": collection, "indexes": indexes };
            let made = calls.run("make indexes", |database| async move {
                database.run_command(command).await
            });
            made.await?;
        }
    }
    Ok(())
}

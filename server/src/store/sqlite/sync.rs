//! Orders that are kept as another database has them.

use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{SqliteStore, StoreError, id, write};
use crate::order::{Order, OrderId};
use crate::store::SyncStore;

/// Only a store that follows a source has the index: without it writing costs nothing more.
const PREPARE: &str = "CREATE INDEX IF NOT EXISTS orders_by_source_key
    ON orders (coalesce(CAST(document ->> 'source_key' AS TEXT), CAST(order_id AS TEXT)))";
const OF_KEY: &str = "SELECT order_id FROM orders
    WHERE coalesce(CAST(document ->> 'source_key' AS TEXT), CAST(order_id AS TEXT)) = ?1";
const DELETE: &str = "DELETE FROM orders WHERE order_id = ?1";
const KNOWN: &str = "SELECT 1 FROM orders WHERE order_id = ?1";

const STATE: &str = "sync";
const LEASE: &str = "sync_lease";
const READ: &str = "SELECT value FROM meta WHERE key = ?1";
const SAVE: &str = "INSERT INTO meta (key, value) VALUES (?1, ?2)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
/// The value is the end in milliseconds, a space, and the holder.
const TAKE: &str = "INSERT INTO meta (key, value) VALUES (?1, ?2 || ' ' || ?3)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
    WHERE CAST(value AS INTEGER) <= ?4 OR substr(value, instr(value, ' ') + 1) = ?3";
const RELEASE: &str =
    "DELETE FROM meta WHERE key = ?1 AND substr(value, instr(value, ' ') + 1) = ?2";

#[async_trait]
impl SyncStore for SqliteStore {
    async fn prepare_sync(&self) -> Result<(), StoreError> {
        self.writer
            .run("index of source keys", |connection| {
                connection.execute_batch(PREPARE)
            })
            .await
    }

    async fn replace(&self, keys: Vec<String>, orders: Vec<Order>) -> Result<u64, StoreError> {
        self.writer
            .run("replace orders", move |connection| {
                replace(connection, &keys, &orders)
            })
            .await
    }

    async fn known(&self, ids: Vec<OrderId>) -> Result<HashSet<OrderId>, StoreError> {
        self.readers
            .run("known orders", move |connection| {
                let mut statement = connection.prepare_cached(KNOWN)?;
                let mut known = HashSet::new();
                for id in ids {
                    if statement.exists([id::value(&id)])? {
                        known.insert(id);
                    }
                }
                Ok(known)
            })
            .await
    }

    async fn sync_state(&self) -> Result<Option<String>, StoreError> {
        self.readers
            .run("state of sync", |connection| {
                let state = connection.query_row(READ, [STATE], |row| row.get(0));
                state.optional()
            })
            .await
    }

    async fn save_sync_state(&self, state: String) -> Result<(), StoreError> {
        self.writer
            .run("save the state of sync", move |connection| {
                connection.execute(SAVE, [STATE, &state]).map(|_| ())
            })
            .await
    }

    async fn take_sync_lease(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let holder = holder.to_owned();
        let (now, until) = (now.timestamp_millis(), until.timestamp_millis());
        self.writer
            .run("take the lease of sync", move |connection| {
                Ok(connection.execute(TAKE, params![LEASE, until, holder, now])? > 0)
            })
            .await
    }

    async fn release_sync_lease(&self, holder: &str) -> Result<(), StoreError> {
        let holder = holder.to_owned();
        self.writer
            .run("release the lease of sync", move |connection| {
                connection.execute(RELEASE, [LEASE, &holder]).map(|_| ())
            })
            .await
    }
}

fn replace(
    connection: &mut Connection,
    keys: &[String],
    orders: &[Order],
) -> rusqlite::Result<u64> {
    let transaction = write::begin(connection)?;
    write::replace(&transaction, orders)?;
    let ours: HashSet<&OrderId> = orders.iter().map(|order| &order.order_id).collect();
    let mut deleted = 0;
    {
        let mut of_key = transaction.prepare_cached(OF_KEY)?;
        let mut delete = transaction.prepare_cached(DELETE)?;
        for key in keys {
            let ids = of_key.query_map([key], |row| Ok(id::read(row.get_ref(0)?)))?;
            for id in ids.collect::<rusqlite::Result<Vec<_>>>()? {
                if !ours.contains(&id) {
                    deleted += delete.execute([id::value(&id)])? as u64;
                }
            }
        }
    }
    transaction.commit()?;
    Ok(deleted)
}

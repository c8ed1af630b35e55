//! Who may archive: one row, changed by one statement at a time.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use super::errors::{DAMAGED, of_file};
use super::{SqliteStore, StoreError};
use crate::store::{Lease, LeaseStore};

/// `process` is of an earlier version.
const TAKE: &str = "INSERT INTO archive_lease (only, run_id, process, until) VALUES (1, ?1, '', ?2)
    ON CONFLICT (only) DO UPDATE
    SET run_id = excluded.run_id, until = excluded.until
    WHERE archive_lease.until <= ?3 OR archive_lease.run_id = excluded.run_id";
const RENEW: &str = "UPDATE archive_lease SET until = ?2 WHERE run_id = ?1";
const RELEASE: &str = "DELETE FROM archive_lease WHERE run_id = ?1";
const CURRENT: &str = "SELECT run_id, until FROM archive_lease";

#[async_trait]
impl LeaseStore for SqliteStore {
    async fn take(&self, lease: &Lease, now: DateTime<Utc>) -> Result<Option<Lease>, StoreError> {
        let lease = lease.clone();
        let holder = self
            .writer
            .run("take the archive's lease", move |connection| {
                let transaction = connection.transaction()?;
                let until = lease.until.timestamp_millis();
                let values = params![lease.run_id, until, now.timestamp_millis()];
                let taken = transaction.execute(TAKE, values)? > 0;
                let holder = match taken {
                    true => None,
                    false => Some(transaction.query_row(CURRENT, [], columns)?),
                };
                transaction.commit()?;
                Ok(holder)
            });
        holder.await?.map(|row| self.lease(row)).transpose()
    }

    async fn renew(&self, lease: &Lease) -> Result<bool, StoreError> {
        let (run_id, until) = (lease.run_id.clone(), lease.until.timestamp_millis());
        self.writer
            .run("renew the archive's lease", move |connection| {
                Ok(connection.execute(RENEW, params![run_id, until])? > 0)
            })
            .await
    }

    async fn release(&self, run_id: &str) -> Result<(), StoreError> {
        let run_id = run_id.to_owned();
        self.writer
            .run("release the archive's lease", move |connection| {
                connection.execute(RELEASE, [run_id]).map(|_| ())
            })
            .await
    }

    async fn current(&self) -> Result<Option<Lease>, StoreError> {
        let row = self.readers.run("archive's lease", |connection| {
            connection.query_row(CURRENT, [], columns).optional()
        });
        row.await?.map(|row| self.lease(row)).transpose()
    }
}

impl SqliteStore {
    fn lease(&self, (run_id, until): (String, i64)) -> Result<Lease, StoreError> {
        let until = DateTime::from_timestamp_millis(until);
        Ok(Lease {
            run_id,
            until: until.ok_or_else(|| of_file(&self.path, DAMAGED, None))?,
        })
    }
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(String, i64)> {
    Ok((row.get(0)?, row.get(1)?))
}

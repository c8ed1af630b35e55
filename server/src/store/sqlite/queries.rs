//! Reads of the store as a whole, each answered by an index; `plans.rs` holds them to it.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::row::{count_at, instant_at};

pub(super) const DOCUMENTS: &str = "SELECT document FROM orders
    WHERE created_at >= ?1 AND created_at < ?2 ORDER BY created_at, order_id";
pub(super) const OLDEST_SINCE: &str =
    "SELECT created_at FROM orders WHERE created_at >= ?1 ORDER BY created_at LIMIT 1";
pub(super) const COUNT: &str = "SELECT count(*) FROM orders";
pub(super) const DEMONSTRATION: &str =
    "SELECT NOT EXISTS (SELECT 1 FROM meta WHERE key = 'adopted')";

pub(super) fn oldest_since(
    connection: &Connection,
    since: i64,
) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let mut statement = connection.prepare_cached(OLDEST_SINCE)?;
    let oldest = statement.query_row([since], |row| instant_at(row, 0));
    oldest.optional()
}

pub(super) fn count(connection: &Connection) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(COUNT)?;
    statement.query_row([], |row| count_at(row, 0))
}

pub(super) fn is_demonstration(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(DEMONSTRATION, [], |row| row.get(0))
}

/// Reads one order, so that a lock or damage is noticed.
pub(super) fn ping(connection: &Connection) -> rusqlite::Result<()> {
    oldest_since(connection, 0).map(|_| ())
}

//! Tables and indexes.

use rusqlite::{Connection, TransactionBehavior};

/// "SHOP" at the place where SQLite keeps whose file it is.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"SHOP");

/// Grows when an older program could not use the file any more.
pub(super) const VERSION: i32 = 2;

/// Every metric reads one index and never a document: a million documents fill half a gigabyte.
///
/// - `orders_by_time` also answers what needs status and total, and gives the export its order.
/// - Category and product come first in theirs, so that one group is one range and is summed
///   without sorting.
/// - A partial index serves only queries which repeat its condition word by word, and covers them
///   only when it holds the condition's column too, though nobody reads that.
const TABLES: &str = "
    CREATE TABLE orders (
        order_id    TEXT NOT NULL PRIMARY KEY,
        created_at  INTEGER NOT NULL,
        status      TEXT NOT NULL,
        category    TEXT NOT NULL,
        product_id  TEXT NOT NULL,
        quantity    INTEGER NOT NULL,
        total_cents INTEGER NOT NULL,
        document    TEXT NOT NULL
    ) STRICT;
    CREATE INDEX orders_by_time ON orders (created_at, order_id, status, total_cents);
    CREATE INDEX orders_by_category ON orders (category, created_at, total_cents, status)
        WHERE status <> 'returned';
    CREATE INDEX orders_by_product
        ON orders (product_id, created_at, category, quantity, total_cents, status)
        WHERE status <> 'returned';
    CREATE INDEX orders_active ON orders (status) WHERE status IN ('pending', 'shipped');
    CREATE TABLE meta (
        key   TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE archive_runs (
        run_id     TEXT NOT NULL PRIMARY KEY,
        started_at INTEGER NOT NULL,
        document   TEXT NOT NULL
    ) STRICT;
    CREATE INDEX archive_runs_by_start ON archive_runs (started_at, run_id);
";

/// What version 2 adds: who may archive, at most one row.
const LEASE: &str = "
    CREATE TABLE archive_lease (
        only    INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
        run_id  TEXT NOT NULL,
        process TEXT NOT NULL,
        until   INTEGER NOT NULL
    ) STRICT;
";

/// Creates everything in a new file, unless another process has just done so.
pub(super) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version(&transaction)? == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.execute_batch(LEASE)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

/// Brings a file of an earlier version up to this one, unless another process has just done so.
pub(super) fn upgrade(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version(&transaction)? == 1 {
        transaction.execute_batch(LEASE)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

/// The version of the file's schema; 0 for an empty file.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

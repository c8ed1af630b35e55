//! Tables and indexes.

use rusqlite::{Connection, TransactionBehavior, params};

use crate::order::Order;

/// "SHOP", in the header field that says which program a SQLite file belongs to.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"SHOP");

/// Raise it when an older program could no longer use the file.
pub(super) const VERSION: i32 = 3;

/// Every metric reads one index and never a document: a million documents fill half a gigabyte.
///
/// - `orders_by_time` covers the totals, and gives lists and the export their order.
/// - Each of the others starts with a dimension, so that one group is one range and is summed
///   without sorting, and covers all that is summed and filtered.
const TABLES: &str = "
    CREATE TABLE orders (
        order_id     TEXT NOT NULL PRIMARY KEY,
        created_at   INTEGER NOT NULL,
        status       TEXT NOT NULL,
        category     TEXT NOT NULL,
        product_id   TEXT NOT NULL,
        quantity     INTEGER NOT NULL,
        total_cents  INTEGER NOT NULL,
        document     TEXT NOT NULL,
        customer_id  TEXT NOT NULL DEFAULT '',
        region       TEXT NOT NULL DEFAULT '',
        product_name TEXT
    ) STRICT;
    CREATE INDEX orders_by_time ON orders (created_at, order_id, status, total_cents);
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

const GROUP_INDEXES: &str = "
    CREATE INDEX orders_by_category
        ON orders (category, created_at, status, region, quantity, total_cents);
    CREATE INDEX orders_by_region
        ON orders (region, created_at, status, category, quantity, total_cents);
    CREATE INDEX orders_by_status
        ON orders (status, created_at, category, region, quantity, total_cents);
    CREATE INDEX orders_by_product ON orders
        (product_id, created_at, status, category, region, quantity, total_cents, product_name);
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

/// What version 3 adds to the orders.
const COLUMNS: &str = "
    DROP INDEX orders_by_category;
    DROP INDEX orders_by_product;
    DROP INDEX orders_active;
    ALTER TABLE orders ADD COLUMN customer_id TEXT NOT NULL DEFAULT '';
    ALTER TABLE orders ADD COLUMN region TEXT NOT NULL DEFAULT '';
    ALTER TABLE orders ADD COLUMN product_name TEXT;
";

/// Creates everything in a new file, unless another process has just done so.
pub(super) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version(&transaction)? == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.execute_batch(GROUP_INDEXES)?;
        transaction.execute_batch(LEASE)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

/// Brings a file of an earlier version up to this one, unless another process has just done so.
pub(super) fn upgrade(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found == 1 {
        transaction.execute_batch(LEASE)?;
    }
    if matches!(found, 1 | 2) {
        transaction.execute_batch(COLUMNS)?;
        fill_columns(&transaction)?;
        transaction.execute_batch(GROUP_INDEXES)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

/// Reads the columns of version 3 from the documents of earlier ones.
fn fill_columns(connection: &Connection) -> rusqlite::Result<()> {
    let mut documents = connection.prepare("SELECT rowid, document FROM orders")?;
    let mut fill = connection.prepare(
        "UPDATE orders SET customer_id = ?2, region = ?3, product_name = ?4 WHERE rowid = ?1",
    )?;
    let mut rows = documents.query([])?;
    while let Some(row) = rows.next()? {
        if let Ok(order) = Order::from_json(row.get_ref(1)?.as_str()?) {
            let rowid: i64 = row.get(0)?;
            fill.execute(params![
                rowid,
                order.customer_id,
                order.region,
                order.product_name
            ])?;
        }
    }
    Ok(())
}

/// The version of the file's schema; 0 for an empty file.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

//! Tables and indexes.

use rusqlite::{Connection, TransactionBehavior};

/// "SHOP", in the header field that says which program a SQLite file belongs to.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"SHOP");

/// Raise it with every change of the orders' table or indexes.
pub(super) const VERSION: i32 = 5;

/// Every metric reads one index and never a document: a million documents fill half a gigabyte.
///
/// - `orders_by_time` covers all that is summed and filtered within a window, and gives lists and
///   the export their order.
/// - `orders_active` has the few orders of the whole store that are still under way.
const TABLES: &str = "
    CREATE TABLE orders (
        order_id     ANY NOT NULL PRIMARY KEY,
        created_at   INTEGER NOT NULL,
        status       TEXT NOT NULL COLLATE NOCASE,
        category     TEXT NOT NULL,
        product_id   TEXT NOT NULL,
        quantity     INTEGER NOT NULL,
        total_cents  INTEGER NOT NULL,
        document     TEXT NOT NULL,
        customer_id  TEXT NOT NULL,
        region       TEXT NOT NULL,
        product_name TEXT
    ) STRICT;
    CREATE INDEX orders_by_time ON orders (created_at, order_id, status, category, region,
        product_id, quantity, total_cents, product_name);
    CREATE INDEX orders_active ON orders (status, created_at, category, region)
        WHERE status IN ('pending', 'shipped');
    CREATE TABLE IF NOT EXISTS meta (
        key   TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS archive_runs (
        run_id     TEXT NOT NULL PRIMARY KEY,
        started_at INTEGER NOT NULL,
        document   TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS archive_runs_by_start ON archive_runs (started_at, run_id);
    CREATE TABLE IF NOT EXISTS archive_lease (
        only    INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
        run_id  TEXT NOT NULL,
        process TEXT NOT NULL,
        until   INTEGER NOT NULL
    ) STRICT;
";

/// Puts the orders of an earlier version aside, whose columns and indexes were others.
const SET_ASIDE: &str = "
    CREATE TEMP TABLE earlier AS SELECT * FROM orders;
    DROP TABLE orders;
";
/// Takes them in again, with the columns that they lack read from their documents.
const TAKE_IN: &str = "
    INSERT INTO orders
    SELECT order_id, created_at, status, category, product_id, quantity, total_cents, document,
        coalesce(document ->> 'customer_id', ''), coalesce(document ->> 'region', ''),
        nullif(document ->> 'product_name', '')
    FROM earlier;
    DROP TABLE earlier;
";

/// Makes the tables of a new file, and brings those of an earlier version up to this one. Another
/// process may have just done so.
pub(super) fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    if version(connection)? >= VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let steps: &[&str] = match version(&transaction)? {
        0 => &[TABLES],
        1..VERSION => &[SET_ASIDE, TABLES, TAKE_IN],
        _ => &[],
    };
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// The version of the file's schema; 0 for an empty file.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

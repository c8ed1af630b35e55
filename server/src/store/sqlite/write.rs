//! Every write of orders.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{id, reads};
use crate::order::Order;

const INSERT: &str = "INSERT INTO orders
    (order_id, created_at, customer_id, region, status, category, product_id, product_name,
     quantity, total_cents, document)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    ON CONFLICT (order_id) DO ";
const KEEP: &str = "NOTHING";
const REPLACE: &str = "UPDATE SET created_at = excluded.created_at,
    customer_id = excluded.customer_id, region = excluded.region, status = excluded.status,
    category = excluded.category, product_id = excluded.product_id,
    product_name = excluded.product_name, quantity = excluded.quantity, total_cents = excluded.total_cents, document = excluded.document";
const ADOPT: &str = "INSERT INTO meta (key, value) VALUES ('adopted', 'yes')";

/// Counts the transactions that write orders. SQLite's own counter moves with every lease and run.
const COUNT_WRITE: &str = "INSERT INTO meta (key, value) VALUES ('writes', '1')
    ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1";

const REMOVE_ORDERS: &str = "DELETE FROM orders";

/// Writes all orders or none. Of two with the same id the later one wins.
pub(super) fn upsert(connection: &mut Connection, orders: &[Order]) -> rusqlite::Result<()> {
    let transaction = begin(connection)?;
    write(&transaction, orders, REPLACE)?;
    transaction.commit()
}

/// The same for synthetic orders. Once the store is adopted it writes nothing and returns false,
/// unless `among_others`.
pub(super) fn upsert_synthetic(
    connection: &mut Connection,
    orders: &[Order],
    among_others: bool,
) -> rusqlite::Result<bool> {
    let transaction = begin(connection)?;
    let alone = reads::is_demonstration(&transaction)?;
    if alone || among_others {
        write(&transaction, orders, if alone { REPLACE } else { KEEP })?;
    }
    transaction.commit()?;
    Ok(alone || among_others)
}

/// Removes the synthetic orders, which are all that a store holds until then; returns how many.
pub(super) fn adopt(connection: &mut Connection) -> rusqlite::Result<u64> {
    let transaction = begin(connection)?;
    let mut removed = 0;
    if reads::is_demonstration(&transaction)? {
        removed = transaction.execute(REMOVE_ORDERS, [])?;
        transaction.execute(ADOPT, [])?;
    }
    transaction.commit()?;
    Ok(removed as u64)
}

/// A transaction that writes orders, and is counted. Immediate: one that starts by reading could not
/// wait for another process's write.
pub(super) fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.prepare_cached(COUNT_WRITE)?.execute([])?;
    Ok(transaction)
}

/// Inserts the orders, or replaces those that are there.
pub(super) fn replace(transaction: &Transaction<'_>, orders: &[Order]) -> rusqlite::Result<()> {
    write(transaction, orders, REPLACE)
}

/// `conflict` says what happens to an order that exists: [`KEEP`] or [`REPLACE`].
fn write(transaction: &Transaction<'_>, orders: &[Order], conflict: &str) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(&format!("{INSERT}{conflict}"))?;
    for order in orders {
        upsert.execute(params![
            id::value(&order.order_id),
            order.created_at.timestamp_millis(),
            order.customer_id,
            order.region,
            order.status,
            order.category,
            order.product_id,
            order.product_name,
            order.quantity,
            order.total.0,
            order.document,
        ])?;
    }
    Ok(())
}

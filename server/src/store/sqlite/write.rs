//! Every write to orders and to what is known about them.

use rusqlite::{Connection, TransactionBehavior, params};

use crate::order::Order;

const UPSERT: &str = "INSERT INTO orders
    (order_id, created_at, status, category, product_id, quantity, total_cents, document)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    ON CONFLICT (order_id) DO UPDATE SET created_at = excluded.created_at,
    status = excluded.status, category = excluded.category, product_id = excluded.product_id,
    quantity = excluded.quantity, total_cents = excluded.total_cents, document = excluded.document";
const ADOPT: &str = "INSERT INTO meta (key, value) VALUES ('adopted', 'yes')
    ON CONFLICT (key) DO NOTHING";

/// All orders or none; of two with the same id the later one stays.
pub(super) fn upsert(connection: &mut Connection, orders: &[Order]) -> rusqlite::Result<()> {
    // Immediate: a transaction that starts by reading could not wait for another process's write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    for order in orders {
        upsert.execute(params![
            order.order_id,
            order.created_at.timestamp_millis(),
            order.status,
            order.category,
            order.product_id,
            order.quantity,
            order.total.0,
            order.document,
        ])?;
    }
    // Borrows the transaction.
    drop(upsert);
    transaction.commit()
}

pub(super) fn adopt(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(ADOPT, []).map(|_| ())
}

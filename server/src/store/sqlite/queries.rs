//! Reads without groups, each answered by an index; `plans.rs` holds them to it.

use app::model::{ActiveOrders, Cents, Figures, RecentOrder};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::store::span::Span;

pub(super) const COUNT_IN: &str =
    "SELECT count(*) FROM orders WHERE created_at >= ?1 AND created_at < ?2";
pub(super) const FIGURES: &str = "SELECT count(*),
    coalesce(sum(total_cents) FILTER (WHERE status <> 'returned'), 0)
    FROM orders WHERE created_at >= ?1 AND created_at < ?2";
pub(super) const ACTIVE: &str = "SELECT status, count(*) FROM orders
    WHERE status IN ('pending', 'shipped') GROUP BY status";
pub(super) const RECENT: &str = "SELECT order_id, created_at, product_id, total_cents, status
    FROM orders ORDER BY created_at DESC, order_id DESC LIMIT ?1";
pub(super) const DOCUMENTS: &str = "SELECT document FROM orders
    WHERE created_at >= ?1 AND created_at < ?2 ORDER BY created_at, order_id";
pub(super) const OLDEST_SINCE: &str =
    "SELECT created_at FROM orders WHERE created_at >= ?1 ORDER BY created_at LIMIT 1";
pub(super) const COUNT: &str = "SELECT count(*) FROM orders";
pub(super) const DEMONSTRATION: &str =
    "SELECT NOT EXISTS (SELECT 1 FROM meta WHERE key = 'adopted')";

pub(super) fn order_counts(
    connection: &mut Connection,
    spans: &[Span],
) -> rusqlite::Result<Vec<u64>> {
    // One transaction: all windows are counted in the same state of the store.
    let transaction = connection.transaction()?;
    let mut count = transaction.prepare_cached(COUNT_IN)?;
    spans
        .iter()
        .map(|span| count.query_row([span.from, span.to], |row| count_at(row, 0)))
        .collect()
}

pub(super) fn figures(
    connection: &mut Connection,
    spans: &[Span],
) -> rusqlite::Result<Vec<Figures>> {
    // One transaction sees one moment.
    let transaction = connection.transaction()?;
    let mut figures = transaction.prepare_cached(FIGURES)?;
    let mut of = |span: &Span| {
        figures.query_row([span.from, span.to], |row| {
            Ok(Figures {
                orders: count_at(row, 0)?,
                revenue_cents: Cents(row.get(1)?),
            })
        })
    };
    spans.iter().map(&mut of).collect()
}

pub(super) fn active_orders(connection: &Connection) -> rusqlite::Result<ActiveOrders> {
    let mut active = ActiveOrders {
        pending: 0,
        shipped: 0,
    };
    let mut statement = connection.prepare_cached(ACTIVE)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let orders = count_at(row, 1)?;
        match row.get_ref(0)?.as_str()? {
            "pending" => active.pending = orders,
            _ => active.shipped = orders,
        }
    }
    Ok(active)
}

pub(super) fn recent_orders(
    connection: &Connection,
    limit: u32,
) -> rusqlite::Result<Vec<RecentOrder>> {
    let mut statement = connection.prepare_cached(RECENT)?;
    let rows = statement.query_map([limit], |row| {
        Ok(RecentOrder {
            order_id: row.get(0)?,
            created_at: instant_at(row, 1)?.into(),
            product_id: row.get(2)?,
            total_cents: Cents(row.get(3)?),
            status: row.get(4)?,
        })
    })?;
    rows.collect()
}

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

pub(super) fn count_at(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get(index).map(i64::unsigned_abs)
}

fn instant_at(row: &Row<'_>, index: usize) -> rusqlite::Result<DateTime<Utc>> {
    let milliseconds = row.get(index)?;
    DateTime::from_timestamp_millis(milliseconds).ok_or(rusqlite::Error::IntegralValueOutOfRange(
        index,
        milliseconds,
    ))
}

//! Every read, each answered by an index; `plans.rs` holds them to it.

use std::cmp::Reverse;

use app::model::{ActiveOrders, CategoryRevenue, Cents, Figures, ProductSales, RecentOrder};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::span::Span;

pub(super) const NEXT_CATEGORY: &str = "SELECT category FROM orders
    WHERE status <> 'returned' AND category >= ?1 ORDER BY category LIMIT 1";
pub(super) const CATEGORY: &str = "SELECT count(*), sum(total_cents) FROM orders
    WHERE status <> 'returned' AND category = :name AND created_at >= :from AND created_at < :to";
pub(super) const NEXT_PRODUCT: &str = "SELECT product_id FROM orders
    WHERE status <> 'returned' AND product_id >= ?1 ORDER BY product_id LIMIT 1";
pub(super) const PRODUCT: &str =
    "SELECT count(*), min(category), sum(quantity), sum(total_cents) FROM orders
    WHERE status <> 'returned' AND product_id = :name AND created_at >= :from AND created_at < :to";
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
pub(super) const OLDEST: &str = "SELECT created_at FROM orders ORDER BY created_at LIMIT 1";
pub(super) const COUNT: &str = "SELECT count(*) FROM orders";
pub(super) const DEMONSTRATION: &str =
    "SELECT NOT EXISTS (SELECT 1 FROM meta WHERE key = 'adopted')";

pub(super) fn category_revenue(
    connection: &mut Connection,
    span: Span,
) -> rusqlite::Result<Vec<CategoryRevenue>> {
    let mut rows = each_name(
        connection,
        NEXT_CATEGORY,
        CATEGORY,
        span,
        |category, row| {
            let (orders, revenue) = (count_at(row, 0)?, Cents(row.get(1)?));
            Ok(CategoryRevenue {
                category,
                revenue_cents: revenue,
                orders,
                average_order_cents: revenue.per_order(orders),
            })
        },
    )?;
    // Stable: names come in order.
    rows.sort_by_key(|row| Reverse(row.revenue_cents));
    Ok(rows)
}

pub(super) fn top_products(
    connection: &mut Connection,
    span: Span,
    limit: u32,
) -> rusqlite::Result<Vec<ProductSales>> {
    let mut rows = each_name(
        connection,
        NEXT_PRODUCT,
        PRODUCT,
        span,
        |product_id, row| {
            Ok(ProductSales {
                product_id,
                category: row.get(1)?,
                units: row.get(2)?,
                revenue_cents: Cents(row.get(3)?),
            })
        },
    )?;
    rows.sort_by_key(|row| Reverse((row.units, row.revenue_cents)));
    rows.truncate(limit as usize);
    Ok(rows)
}

/// Walks from name to name through an index that starts with it, and reads the sums of each that
/// has orders (column 0) in `span`. SQLite's own GROUP BY would read the orders outside the window
/// too, or sort all those inside.
fn each_name<T>(
    connection: &mut Connection,
    next: &str,
    sums: &str,
    span: Span,
    read: impl Fn(String, &Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let transaction = connection.transaction()?;
    let mut next = transaction.prepare_cached(next)?;
    let mut sums = transaction.prepare_cached(sums)?;
    let mut rows = Vec::new();
    let mut from = String::new();
    while let Some(name) = next
        .query_row([&from], |row| row.get::<_, String>(0))
        .optional()?
    {
        // The smallest text that sorts after the name.
        from = format!("{name}\0");
        let bounds = named_params! { ":name": name, ":from": span.from, ":to": span.to };
        let row = sums.query_row(bounds, |row| match count_at(row, 0)? {
            0 => Ok(None),
            _ => read(name.clone(), row).map(Some),
        })?;
        rows.extend(row);
    }
    Ok(rows)
}

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

pub(super) fn figures(connection: &Connection, span: Span) -> rusqlite::Result<Figures> {
    let mut figures = connection.prepare_cached(FIGURES)?;
    figures.query_row([span.from, span.to], |row| {
        Ok(Figures {
            orders: count_at(row, 0)?,
            revenue_cents: Cents(row.get(1)?),
        })
    })
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

pub(super) fn oldest(connection: &Connection) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let mut statement = connection.prepare_cached(OLDEST)?;
    statement.query_row([], |row| instant_at(row, 0)).optional()
}

pub(super) fn count(connection: &Connection) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(COUNT)?;
    statement.query_row([], |row| count_at(row, 0))
}

pub(super) fn is_demonstration(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(DEMONSTRATION, [], |row| row.get(0))
}

/// Reads from the file, so that one which has gone away or is damaged is noticed.
pub(super) fn ping(connection: &Connection) -> rusqlite::Result<()> {
    oldest(connection).map(|_| ())
}

fn count_at(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get(index).map(i64::unsigned_abs)
}

fn instant_at(row: &Row<'_>, index: usize) -> rusqlite::Result<DateTime<Utc>> {
    let milliseconds = row.get(index)?;
    DateTime::from_timestamp_millis(milliseconds).ok_or(rusqlite::Error::IntegralValueOutOfRange(
        index,
        milliseconds,
    ))
}

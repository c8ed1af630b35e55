//! Sums for each category and each product, from an index that starts with it.

use std::cmp::Reverse;

use app::model::{CategoryRevenue, Cents, ProductSales};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::queries::count_at;
use crate::store::span::Span;

pub(super) const NEXT_CATEGORY: &str = "SELECT category FROM orders
    WHERE status <> 'returned' AND category >= ?1 ORDER BY category LIMIT 1";
pub(super) const CATEGORY: &str = "SELECT count(*), sum(total_cents) FROM orders
    WHERE status <> 'returned' AND category = :name AND created_at >= :from AND created_at < :to";
pub(super) const NEXT_PRODUCT: &str = "SELECT product_id FROM orders
    WHERE status <> 'returned' AND product_id >= ?1 ORDER BY product_id LIMIT 1";
pub(super) const PRODUCT: &str =
    "SELECT count(*), min(category), sum(quantity), sum(total_cents) FROM orders
    WHERE status <> 'returned' AND product_id = :name AND created_at >= :from AND created_at < :to";

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

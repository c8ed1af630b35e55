//! Reads of the orders, each answered by one index; `plans.rs` holds them to it.

use app::model::{Cents, Filter, OrderFilter, RecentOrder};
use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::id;
use super::query::Query;
use crate::store::span::Span;
use crate::store::{Active, Dimension, Group, Position, StatusRules, Totals};

pub(super) const DOCUMENTS: &str = "SELECT document FROM orders
    WHERE created_at >= ?1 AND created_at < ?2 ORDER BY created_at, order_id";
pub(super) const OLDEST_SINCE: &str =
    "SELECT created_at FROM orders WHERE created_at >= ?1 ORDER BY created_at LIMIT 1";
pub(super) const COUNT: &str = "SELECT count(*) FROM orders";
pub(super) const DEMONSTRATION: &str =
    "SELECT NOT EXISTS (SELECT 1 FROM meta WHERE key = 'adopted')";
pub(super) const WRITES: &str = "SELECT value FROM meta WHERE key = 'writes'";

pub(super) fn totals(
    connection: &mut Connection,
    rules: &StatusRules,
    filter: &Filter,
    spans: &[Span],
) -> rusqlite::Result<Vec<Totals>> {
    // One transaction sees one moment.
    let transaction = connection.transaction()?;
    let mut totals = Vec::with_capacity(spans.len());
    for span in spans {
        let Query { text, values } = totals_query(rules, filter, *span);
        let mut statement = transaction.prepare_cached(&text)?;
        totals.push(statement.query_row(params_from_iter(values), |row| {
            Ok(Totals {
                orders: count_at(row, 0)?,
                returned: count_at(row, 1)?,
                revenue_cents: Cents(row.get(2)?),
            })
        })?);
    }
    Ok(totals)
}

pub(super) fn totals_query(rules: &StatusRules, filter: &Filter, span: Span) -> Query {
    Query::new("SELECT count(*), count(*) FILTER (WHERE status = 'returned'), ")
        .and_list(
            "coalesce(sum(total_cents) FILTER (WHERE status NOT IN",
            &rules.not_revenue,
        )
        .and("), 0) FROM orders WHERE true", [])
        .within(span)
        .matching(filter)
}

pub(super) fn by(
    connection: &Connection,
    rules: &StatusRules,
    dimension: Dimension,
    filter: &Filter,
    span: Span,
) -> rusqlite::Result<Vec<Group>> {
    let Query { text, values } = by_query(rules, dimension, filter, span);
    let mut statement = connection.prepare_cached(&text)?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok(Group {
            value: row.get(0)?,
            orders: count_at(row, 1)?,
            units: row.get(2)?,
            revenue_cents: Cents(row.get(3)?),
            category: row.get(4)?,
            product_name: row.get(5)?,
        })
    })?;
    rows.collect()
}

pub(super) fn by_query(
    rules: &StatusRules,
    dimension: Dimension,
    filter: &Filter,
    span: Span,
) -> Query {
    let product = match dimension {
        Dimension::Product => "min(category), min(product_name)",
        _ => "'', NULL",
    };
    let column = dimension.field();
    let value = match dimension {
        Dimension::Status => "lower(status)",
        _ => column,
    };
    Query::new(format!(
        "SELECT {value}, count(*), sum(quantity), sum(total_cents), {product}
        FROM orders WHERE true"
    ))
    .within(span)
    .and_list(" AND status NOT IN", &rules.not_revenue)
    .matching(filter)
    .and(&format!(" GROUP BY {column} ORDER BY {column}"), [])
}

pub(super) fn active(
    connection: &Connection,
    filter: &Filter,
    older_than: i64,
) -> rusqlite::Result<Active> {
    let Query { text, values } = active_query(filter, older_than);
    let mut statement = connection.prepare_cached(&text)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut active = Active::default();
    while let Some(row) = rows.next()? {
        let orders = count_at(row, 1)?;
        match row.get_ref(0)?.as_str()? {
            "pending" => {
                active.pending = orders;
                active.oldest_pending = Some(instant_at(row, 2)?);
                active.pending_older = count_at(row, 3)?;
            }
            _ => active.shipped = orders,
        }
    }
    Ok(active)
}

pub(super) fn active_query(filter: &Filter, older_than: i64) -> Query {
    Query::new("SELECT lower(status), count(*), min(created_at), ")
        .and(
            "count(*) FILTER (WHERE created_at < ?)",
            [older_than.into()],
        )
        .and(" FROM orders WHERE status IN ('pending', 'shipped')", [])
        .matching(filter)
        .and(" GROUP BY status", [])
}

pub(super) fn orders(
    connection: &Connection,
    filter: &OrderFilter,
    after: Option<&Position>,
    limit: u32,
) -> rusqlite::Result<Vec<RecentOrder>> {
    let Query { text, values } = orders_query(filter, after, limit);
    let mut statement = connection.prepare_cached(&text)?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok(RecentOrder {
            order_id: id::shown(row.get_ref(0)?),
            created_at: instant_at(row, 1)?.into(),
            product_id: row.get(2)?,
            total_cents: Cents(row.get(3)?),
            status: row.get(4)?,
        })
    })?;
    rows.collect()
}

pub(super) fn orders_query(filter: &OrderFilter, after: Option<&Position>, limit: u32) -> Query {
    let mut query = Query::new(
        "SELECT order_id, created_at, product_id, total_cents, status FROM orders WHERE true",
    )
    .listed(filter);
    if let Some(after) = after {
        let position: [Value; 2] = [
            after.created_at.timestamp_millis().into(),
            id::value(&after.order_id),
        ];
        query = query.and(" AND (created_at, order_id) < (?, ?)", position);
    }
    query.and(
        " ORDER BY created_at DESC, order_id DESC LIMIT ?",
        [i64::from(limit).into()],
    )
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

/// How many transactions have written orders; empty before the first.
pub(super) fn writes(connection: &Connection) -> rusqlite::Result<String> {
    let mut statement = connection.prepare_cached(WRITES)?;
    let writes = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(writes.unwrap_or_default())
}

/// Reads one order, so that a lock or damage is noticed.
pub(super) fn ping(connection: &Connection) -> rusqlite::Result<()> {
    oldest_since(connection, 0).map(|_| ())
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

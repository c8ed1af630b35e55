//! Rows of the pipelines as the metrics' answers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use app::model::{ActiveOrders, CategoryRevenue, Cents, Figures, ProductSales, RecentOrder};
use chrono::{DateTime, Utc};
use mongodb::bson::{RawBsonRef, RawDocument, RawDocumentBuf};

use super::StoreError;
use super::failure::unusable;
use super::line::label;
use super::pipelines::{cents_of, orders_of};
use crate::order;
use crate::store::error::TOO_LARGE_A_SUM;

pub(super) fn category_revenue(
    rows: &[RawDocumentBuf],
) -> Result<Vec<CategoryRevenue>, StoreError> {
    // Merged: 19 and "19" are one name.
    let mut sums: BTreeMap<String, (i64, u64)> = BTreeMap::new();
    for row in rows {
        let (cents, orders) = sums.entry(label(value(row, "_id")?)).or_default();
        *cents = added(*cents, integer(row, "cents")?)?;
        *orders += count(row, "orders")?;
    }
    let mut rows: Vec<_> = sums
        .into_iter()
        .map(|(category, (cents, orders))| CategoryRevenue {
            category,
            revenue_cents: Cents(cents),
            orders,
            average_order_cents: Cents(cents).per_order(orders),
        })
        .collect();
    // Stable: names come in order.
    rows.sort_by_key(|row| Reverse(row.revenue_cents));
    Ok(rows)
}

pub(super) fn top_products(
    rows: &[RawDocumentBuf],
    limit: u32,
) -> Result<Vec<ProductSales>, StoreError> {
    let mut sums: BTreeMap<String, (i64, i64, String)> = BTreeMap::new();
    for row in rows {
        let categories = value(row, "categories")?.and_then(RawBsonRef::as_array);
        let categories = categories.ok_or_else(|| no_such("categories"))?;
        let labels = categories
            .into_iter()
            .flatten()
            .map(|category| label(Some(category)));
        let category = labels.min().unwrap_or_default();
        let first = || (0, 0, category.clone());
        let product = label(value(row, "_id")?);
        let (units, cents, first) = sums.entry(product).or_insert_with(first);
        *units = added(*units, integer(row, "units")?)?;
        *cents = added(*cents, integer(row, "cents")?)?;
        if category < *first {
            *first = category;
        }
    }
    let mut rows: Vec<_> = sums
        .into_iter()
        .map(|(product_id, (units, cents, category))| ProductSales {
            product_id,
            category,
            units,
            revenue_cents: Cents(cents),
        })
        .collect();
    rows.sort_by_key(|row| Reverse((row.units, row.revenue_cents)));
    rows.truncate(limit as usize);
    Ok(rows)
}

/// The counts of so many windows; no row at all means that none holds an order.
pub(super) fn order_counts(
    rows: &[RawDocumentBuf],
    windows: usize,
) -> Result<Vec<u64>, StoreError> {
    let Some(row) = rows.first() else {
        return Ok(vec![0; windows]);
    };
    let windows = 0..windows;
    windows
        .map(|window| count(row, &orders_of(window)))
        .collect()
}

/// The same with revenue.
pub(super) fn figures(rows: &[RawDocumentBuf], windows: usize) -> Result<Vec<Figures>, StoreError> {
    let Some(row) = rows.first() else {
        return Ok(vec![Figures::default(); windows]);
    };
    let of = |window| {
        Ok(Figures {
            orders: count(row, &orders_of(window))?,
            revenue_cents: Cents(integer(row, &cents_of(window))?),
        })
    };
    (0..windows).map(of).collect()
}

pub(super) fn active_orders(rows: &[RawDocumentBuf]) -> Result<ActiveOrders, StoreError> {
    let mut active = ActiveOrders {
        pending: 0,
        shipped: 0,
    };
    for row in rows {
        let orders = count(row, "orders")?;
        // Not a word but an array that holds one is another status.
        match label(value(row, "_id")?).as_str() {
            "pending" => active.pending += orders,
            "shipped" => active.shipped += orders,
            _ => {}
        }
    }
    Ok(active)
}

pub(super) fn recent_orders(rows: &[RawDocumentBuf]) -> Result<Vec<RecentOrder>, StoreError> {
    let read = |row: &RawDocumentBuf| {
        Ok(RecentOrder {
            order_id: label(value(row, "order_id")?),
            created_at: instant(row)?.into(),
            product_id: label(value(row, "product_id")?),
            total_cents: Cents(integer(row, "cents")?),
            status: label(value(row, "status")?),
        })
    };
    let mut rows: Vec<RecentOrder> = rows.iter().map(read).collect::<Result<_, StoreError>>()?;
    rows.sort_by(|a, b| (b.created_at, &b.order_id).cmp(&(a.created_at, &a.order_id)));
    Ok(rows)
}

pub(super) fn oldest(rows: &[RawDocumentBuf]) -> Result<Option<DateTime<Utc>>, StoreError> {
    rows.first().map(|row| instant(row)).transpose()
}

/// A number of orders.
pub(super) fn count(row: &RawDocument, field: &str) -> Result<u64, StoreError> {
    let count = integer(row, field)?;
    u64::try_from(count).map_err(|_| no_such(field))
}

/// A sum of integers. A server whose sum does not fit 64 bits goes on with a double.
fn integer(row: &RawDocument, field: &str) -> Result<i64, StoreError> {
    match value(row, field)? {
        Some(RawBsonRef::Int32(number)) => Ok(number.into()),
        Some(RawBsonRef::Int64(number)) => Ok(number),
        Some(RawBsonRef::Double(_) | RawBsonRef::Decimal128(_)) => Err(overflow()),
        _ => Err(no_such(field)),
    }
}

fn added(one: i64, other: i64) -> Result<i64, StoreError> {
    one.checked_add(other).ok_or_else(overflow)
}

fn instant(row: &RawDocument) -> Result<DateTime<Utc>, StoreError> {
    value(row, "created_at")?
        .and_then(RawBsonRef::as_datetime)
        .and_then(|instant| order::from_milliseconds(instant.timestamp_millis()))
        .ok_or_else(|| no_such("created_at"))
}

fn value<'a>(row: &'a RawDocument, field: &str) -> Result<Option<RawBsonRef<'a>>, StoreError> {
    row.get(field).map_err(|error| {
        let problem = format!("the server's answer holds a {field} that is not BSON");
        unusable(problem, Some(error.into()))
    })
}

fn overflow() -> StoreError {
    unusable(TOO_LARGE_A_SUM.to_owned(), None)
}

fn no_such(field: &str) -> StoreError {
    unusable(format!("the server's answer holds no usable {field}"), None)
}

#[cfg(test)]
mod tests {
    use mongodb::bson::rawdoc;

    use super::*;

    #[test]
    fn a_sum_that_has_become_a_double_is_no_sum() {
        let row = |sum: RawBsonRef<'_>| {
            let mut row = rawdoc! { "_id": "footwear", "orders": 2 };
            row.append(mongodb::bson::raw::cstr!("cents"), sum);
            category_revenue(&[row])
        };
        let rows = row(RawBsonRef::Int64(i64::MAX)).expect("a sum");
        assert_eq!(rows[0].revenue_cents, Cents(i64::MAX));
        for sum in [RawBsonRef::Double(1e19), RawBsonRef::Double(2.0)] {
            let error = row(sum).expect_err("no sum").to_string();
            assert!(error.contains("more than 64 bits of cents"), "{error}");
        }
        assert!(row(RawBsonRef::Null).is_err());
    }

    #[test]
    fn names_that_read_alike_are_one_and_do_not_overflow_in_silence() {
        let rows = [
            rawdoc! { "_id": 19, "cents": 1_i64, "orders": 1 },
            rawdoc! { "_id": "19", "cents": 2_i64, "orders": 1 },
            rawdoc! { "_id": RawBsonRef::Null, "cents": 3_i64, "orders": 1 },
        ];
        let merged = category_revenue(&rows).expect("rows");
        let merged: Vec<_> = merged
            .iter()
            .map(|row| {
                (
                    row.category.as_str(),
                    row.revenue_cents.0,
                    row.average_order_cents.0,
                )
            })
            .collect();
        assert_eq!(merged, [("", 3, 3), ("19", 3, 2)]);
        let most = rawdoc! { "_id": "19", "cents": i64::MAX, "orders": 1 };
        assert!(category_revenue(&[rows[0].clone(), most]).is_err());
    }
}

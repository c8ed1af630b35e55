//! Rows of the pipelines as the answers of the store.

use std::collections::BTreeMap;

use app::model::{Cents, RecentOrder};
use chrono::{DateTime, Utc};
use mongodb::bson::{RawBsonRef, RawDocument, RawDocumentBuf};

use super::StoreError;
use super::errors::unusable;
use super::line::{self, label};
use super::pipelines::{cents_of, orders_of, returned_of};
use crate::order;
use crate::store::error::TOO_LARGE_A_SUM;
use crate::store::{Active, Dimension, Group, PENDING, SHIPPED, Totals};

/// The totals of `windows` windows. No row means that none of them holds an order.
pub(super) fn totals(rows: &[RawDocumentBuf], windows: usize) -> Result<Vec<Totals>, StoreError> {
    let Some(row) = rows.first() else {
        return Ok(vec![Totals::default(); windows]);
    };
    let of = |window| {
        Ok(Totals {
            orders: count(row, &orders_of(window))?,
            returned: count(row, &returned_of(window))?,
            revenue_cents: Cents(integer(row, &cents_of(window))?),
        })
    };
    (0..windows).map(of).collect()
}

pub(super) fn groups(
    dimension: Dimension,
    rows: &[RawDocumentBuf],
) -> Result<Vec<Group>, StoreError> {
    // Merged: 19 and "19" are one value, and so are "Lost" and "lost" as statuses.
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for row in rows {
        let mut name = label(value(row, "_id")?);
        if dimension == Dimension::Status {
            name.make_ascii_lowercase();
        }
        let category = labels(row, "categories")?.into_iter().min();
        let names = labels(row, "names")?.into_iter();
        let product_name = names.filter(|name| !name.is_empty()).min();
        let first = || Group {
            value: name.clone(),
            category: category.clone().unwrap_or_default(),
            ..Group::default()
        };
        let group = groups.entry(name.clone()).or_insert_with(first);
        group.orders += count(row, "orders")?;
        group.units = added(group.units, integer(row, "units")?)?;
        group.revenue_cents.0 = added(group.revenue_cents.0, integer(row, "cents")?)?;
        if let Some(category) = category.filter(|category| *category < group.category) {
            group.category = category;
        }
        let known = group.product_name.take();
        group.product_name = known.into_iter().chain(product_name).min();
    }
    Ok(groups.into_values().collect())
}

/// The texts of a set of values; none where the row has no such set.
fn labels(row: &RawDocument, field: &str) -> Result<Vec<String>, StoreError> {
    let values = value(row, field)?.and_then(RawBsonRef::as_array);
    let values = values.into_iter().flatten().flatten();
    Ok(values.map(|value| label(Some(value))).collect())
}

pub(super) fn active(rows: &[RawDocumentBuf]) -> Result<Active, StoreError> {
    let mut active = Active::default();
    for row in rows {
        let orders = count(row, "orders")?;
        // An array that holds one of the words is another status.
        match label(value(row, "_id")?).as_str() {
            PENDING => {
                active.pending += orders;
                active.oldest_pending = Some(instant(row)?);
                active.pending_older = count(row, "older")?;
            }
            SHIPPED => active.shipped += orders,
            _ => {}
        }
    }
    Ok(active)
}

pub(super) fn orders(rows: &[RawDocumentBuf]) -> Result<Vec<RecentOrder>, StoreError> {
    let read = |row: &RawDocumentBuf| {
        Ok(RecentOrder {
            order_id: line::id(value(row, "order_id")?),
            created_at: instant(row)?.into(),
            product_id: label(value(row, "product_id")?),
            total_cents: Cents(integer(row, "cents")?),
            status: label(value(row, "status")?),
        })
    };
    rows.iter().map(read).collect()
}

pub(super) fn oldest(rows: &[RawDocumentBuf]) -> Result<Option<DateTime<Utc>>, StoreError> {
    rows.first().map(|row| instant(row)).transpose()
}

/// A number of orders.
pub(super) fn count(row: &RawDocument, field: &str) -> Result<u64, StoreError> {
    let count = integer(row, field)?;
    u64::try_from(count).map_err(|_| no_such(field))
}

/// A sum of integers. When a sum does not fit 64 bits, MongoDB goes on with a double.
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
    unusable(TOO_LARGE_A_SUM, None)
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
            let mut row = rawdoc! { "_id": "footwear", "orders": 2, "units": 2 };
            row.append(mongodb::bson::raw::cstr!("cents"), sum);
            groups(Dimension::Category, &[row])
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
    fn values_that_read_alike_are_one_and_do_not_overflow_in_silence() {
        let rows = [
            rawdoc! { "_id": 19, "cents": 1_i64, "orders": 1, "units": 1, "categories": ["b"], "names": [7] },
            rawdoc! { "_id": "19", "cents": 2_i64, "orders": 1, "units": 1, "categories": ["a"], "names": ["", "6"] },
            rawdoc! { "_id": RawBsonRef::Null, "cents": 3_i64, "orders": 1, "units": 0 },
        ];
        let merged = groups(Dimension::Category, &rows).expect("rows");
        let merged: Vec<_> = merged
            .iter()
            .map(|group| {
                let name = group.product_name.as_deref();
                (
                    group.value.as_str(),
                    group.revenue_cents.0,
                    group.category.as_str(),
                    name,
                )
            })
            .collect();
        assert_eq!(merged, [("", 3, "", None), ("19", 3, "a", Some("6"))]);
        let most = rawdoc! { "_id": "19", "cents": i64::MAX, "orders": 1, "units": 1 };
        assert!(groups(Dimension::Category, &[rows[0].clone(), most]).is_err());
    }
}

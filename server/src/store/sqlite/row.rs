//! Values of a row.

use chrono::{DateTime, Utc};
use rusqlite::Row;

pub(super) fn count_at(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get(index).map(i64::unsigned_abs)
}

pub(super) fn instant_at(row: &Row<'_>, index: usize) -> rusqlite::Result<DateTime<Utc>> {
    let milliseconds = row.get(index)?;
    DateTime::from_timestamp_millis(milliseconds).ok_or(rusqlite::Error::IntegralValueOutOfRange(
        index,
        milliseconds,
    ))
}

//! An order: the fields that the dashboard reads, and the whole document.

use app::model::Cents;
use chrono::{DateTime, Utc};

mod error;
mod extended;
mod fields;
mod instant;
mod json;
mod number;
mod plain;

pub use error::OrderError;
pub use instant::{MILLISECONDS, from_milliseconds, instant, rfc3339};
pub use number::decimal_cents;

/// An order, the same for every store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub order_id: String,
    /// To the millisecond.
    pub created_at: DateTime<Utc>,
    pub customer_id: String,
    pub region: String,
    pub status: String,
    pub category: String,
    pub product_id: String,
    pub product_name: Option<String>,
    pub quantity: i64,
    pub total: Cents,
    /// The order's line in the archive, without line end: one JSON object, no `_id`, `created_at` as
    /// RFC 3339 in UTC, wrapped numbers as plain ones, every other field unchanged.
    pub document: String,
}

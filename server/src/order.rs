//! An order: the fields that the dashboard reads, and the whole document.

use app::model::Cents;
use chrono::{DateTime, Utc};

mod decimal;
mod error;
mod extended;
mod fields;
mod id;
mod instant;
mod json;
mod plain;

pub use decimal::MAX_UNITS;
pub use error::OrderError;
pub use id::{MAX_ID_BYTES, OrderId};
pub use instant::{MILLISECONDS, from_milliseconds, instant, rfc3339};
pub use plain::{plain, plain_decimal};

/// An order, the same for every store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub order_id: OrderId,
    /// To the millisecond.
    pub created_at: DateTime<Utc>,
    pub customer_id: String,
    pub region: String,
    pub status: String,
    pub category: String,
    pub product_id: String,
    pub product_name: Option<String>,
    /// Whole units; 0 where it is missing.
    pub quantity: i64,
    pub total: Cents,
    /// The order's line in the archive, without line end: one JSON object, no `_id`, `created_at` as
    /// RFC 3339 in UTC, every other value in its one form (see [`plain`]).
    pub document: String,
}

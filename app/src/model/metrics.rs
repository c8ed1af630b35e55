//! What the six metrics answer. Money is in cents, counts are 64-bit integers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Cents, Timestamp};

/// One category's sales over the last 30 days, returned orders excluded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryRevenue {
    /// As the order documents name it, known or not.
    pub category: String,
    pub revenue_cents: Cents,
    pub orders: u64,
    /// `revenue_cents / orders`, half a cent upwards.
    pub average_order_cents: Cents,
}

/// The orders of one business day, whatever their status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyOrders {
    pub day: NaiveDate,
    pub orders: u64,
    /// True for today, which is not over yet.
    pub unfinished: bool,
}

/// Orders and revenue of one window: all orders are counted, returned ones bring no revenue.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub revenue_cents: Cents,
    pub orders: u64,
}

/// The business day so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    pub today: Figures,
    /// Yesterday, from its start until as much time had passed as has today.
    pub yesterday_same_time: Figures,
    /// Where yesterday's figures end: the same time of day, but for days of 23 or 25 hours. For the
    /// page, which the server renders; it does not cross the wire.
    #[serde(skip)]
    pub yesterday_until: Option<Timestamp>,
}

/// Orders of the whole store that are not yet delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveOrders {
    pub pending: u64,
    pub shipped: u64,
}

/// One product's sales over the last 7 business days, returned orders excluded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSales {
    pub product_id: String,
    /// The first in the alphabet where the product's orders name several.
    pub category: String,
    pub units: i64,
    pub revenue_cents: Cents,
}

/// One of the newest orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentOrder {
    pub order_id: String,
    pub created_at: Timestamp,
    pub product_id: String,
    pub total_cents: Cents,
    /// As the order document names it, known or not.
    pub status: String,
}

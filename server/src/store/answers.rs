//! What the reads of an order store are asked, and what they give.

use app::model::Cents;
use chrono::{DateTime, Utc};

use crate::order::OrderId;

/// An order that may still change hands.
pub const PENDING: &str = "pending";
pub const SHIPPED: &str = "shipped";
pub const DELIVERED: &str = "delivered";
/// An order that came back.
pub const RETURNED: &str = "returned";

/// What the statuses mean. Pending, shipped and returned orders are always those of that status.
/// Upper and lower case are the same, of the letters of ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRules {
    /// The statuses that bring no revenue, in lower case. Orders of every other status are sold.
    pub not_revenue: Vec<String>,
}

impl Default for StatusRules {
    fn default() -> Self {
        Self {
            not_revenue: vec![RETURNED.to_owned()],
        }
    }
}

/// What sold orders are grouped by.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    Category,
    Region,
    Product,
    Status,
}

impl Dimension {
    /// The field of the order document.
    pub fn field(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Region => "region",
            Self::Product => "product_id",
            Self::Status => "status",
        }
    }
}

/// The orders of one window.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them, whatever their status.
    pub orders: u64,
    pub returned: u64,
    /// Of those sold.
    pub revenue_cents: Cents,
}

/// The sold orders that share one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// As the order documents have it, known or not; a status in lower case.
    pub value: String,
    pub orders: u64,
    pub units: i64,
    pub revenue_cents: Cents,
    /// The first of the product's categories in the alphabet; empty for other dimensions.
    pub category: String,
    /// The first of the product's names, where documents have one; `None` for other dimensions.
    pub product_name: Option<String>,
}

/// Orders of the whole store that are not yet delivered.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Active {
    pub pending: u64,
    pub shipped: u64,
    pub oldest_pending: Option<DateTime<Utc>>,
    /// The pending orders that are older than what was asked.
    pub pending_older: u64,
}

/// An order's place in the list of orders, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub created_at: DateTime<Utc>,
    pub order_id: OrderId,
}

/// A text after all that start with `start`, as stores compare text: byte for byte. Of those with
/// the last character of Unicode, which is none, some come later.
pub(super) fn after_all(start: &str) -> String {
    format!("{start}{}", char::MAX)
}

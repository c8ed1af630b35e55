//! What an engineer on call may see one day.

use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;

use super::draw::Draw;
use crate::order::Order;

const OUTAGE: TimeDelta = TimeDelta::minutes(40);
/// In the last week so many orders in a hundred come back.
const RETURNED: u64 = 30;
/// Younger orders have not come back yet.
const SOONEST_RETURN: TimeDelta = TimeDelta::hours(12);

/// A change to a plan's newest orders.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum Story {
    /// No orders for the last 40 minutes
    CheckoutDown,
    /// Returns of the last 7 days are many times those of the 7 days before
    ReturnsSpike,
}

impl Story {
    /// Whether an order could be made at that time.
    pub fn has_order_at(self, created_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self != Self::CheckoutDown || created_at <= now - OUTAGE
    }

    /// The order as it is in this story; `None` if it was never made.
    pub fn order(self, mut order: Order, now: DateTime<Utc>) -> Option<Order> {
        if !self.has_order_at(order.created_at, now) {
            return None;
        }
        let age = now - order.created_at;
        let recent = age >= SOONEST_RETURN && age <= TimeDelta::days(7);
        let mut draw = Draw::new(0, order.created_at.timestamp_millis() as u64);
        if self == Self::ReturnsSpike && recent && draw.below(100) < RETURNED {
            let status = |status: &str| format!(r#""status":"{status}""#);
            order.document = order
                .document
                .replace(&status(&order.status), &status("returned"));
            order.status = "returned".to_owned();
        }
        Some(order)
    }
}

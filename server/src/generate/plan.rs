//! Which synthetic orders there are.

use app::model::Cents;
use thiserror::Error;

use super::catalog::{CUSTOMERS, PRODUCTS, REGIONS, STATUSES};
use super::draw::Draw;
use super::profile::{self, WEEK_MASS};
use crate::order::{Order, from_milliseconds, rfc3339};

const MOST_ORDERS: u64 = 50_000_000;
const MOST_DAYS: u32 = 3660;
/// A slot is divided into as many steps.
const STEPS: i128 = 1 << 16;
/// The most slots by which an order comes earlier or later than a steady stream would bring it.
const JITTER: u64 = 24;

/// An endless stream of synthetic orders, `orders` in `days` days on average. It has one slot per
/// order, counted from 1970, and what is in a slot depends on nothing but the plan and the slot's
/// number: whoever generates it, whenever, generates the same bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    seed: u64,
    orders: u64,
    days: u32,
}

/// The plan makes no sense.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Error)]
pub enum BadPlan {
    #[error("expected 1 to 50,000,000 orders, found {0}")]
    Orders(u64),
    #[error("expected 1 to 3660 days, found {0}")]
    Days(u32),
}

/// 500 orders over 35 days, seed 42.
impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 42,
            orders: 500,
            days: 35,
        }
    }
}

impl Plan {
    /// What a server without configuration shows: 20,000 orders over 35 days, seed 42.
    pub const DEMONSTRATION: Self = Self {
        seed: 42,
        orders: 20_000,
        days: 35,
    };

    /// `orders` (1 to 50,000,000) over `days` (1 to 3660) days.
    pub fn new(seed: u64, orders: u64, days: u32) -> Result<Self, BadPlan> {
        if !(1..=MOST_ORDERS).contains(&orders) {
            return Err(BadPlan::Orders(orders));
        }
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(BadPlan::Days(days));
        }
        Ok(Self { seed, orders, days })
    }

    /// The orders that a store of this plan starts with.
    pub fn orders(&self) -> u64 {
        self.orders
    }

    /// How far a slot may be from its place, in slots. With few orders a day less, so that the
    /// week keeps its shape.
    pub(super) fn jitter(&self) -> i64 {
        (self.orders / u64::from(self.days)).clamp(1, JITTER) as i64
    }

    /// The number of the slot whose place in a steady stream is at or just before the instant.
    pub(super) fn slot_at(&self, instant: i64) -> i64 {
        let mass = profile::mass_at(self.seed, instant);
        (mass * i128::from(7 * self.orders)).div_euclid(i128::from(self.days) * WEEK_MASS) as i64
    }

    /// What is in a slot of that number.
    pub(super) fn slot(&self, number: i64) -> Slot {
        let mut draw = Draw::new(self.seed, number as u64);
        let steps = i128::from(self.jitter()) * STEPS;
        let jitter = i128::from(draw.below(2 * steps as u64 + 1)) - steps;
        let place = i128::from(number) * STEPS + jitter;
        let mass = (place * i128::from(self.days) * WEEK_MASS)
            .div_euclid(i128::from(7 * self.orders) * STEPS);
        Slot {
            place,
            number,
            instant: profile::instant_at(self.seed, mass),
            draw,
        }
    }

    /// "ORD_" and the slot's number. Those of the two plans that have a name are far apart; with any
    /// other plan the number starts with six digits of the plan, so that stores holding several
    /// plans do not confuse them.
    pub(super) fn order_id(&self, number: i64) -> String {
        if *self == Self::default() || *self == Self::DEMONSTRATION {
            return format!("ORD_{number:05}");
        }
        let mut draw = Draw::new(self.seed, self.orders);
        let plan = Draw::new(draw.bits(), u64::from(self.days)).below(900_000) + 100_000;
        format!("ORD_{plan}{number:09}")
    }

    pub(super) fn order(&self, slot: Slot) -> Order {
        let mut draw = slot.draw;
        let order_id = self.order_id(slot.number);
        let customer = draw.below(CUSTOMERS);
        let region = REGIONS[(customer % REGIONS.len() as u64) as usize];
        let product = draw.weighted(&PRODUCTS).unwrap_or(&PRODUCTS[0].1);
        let quantity = 1 + draw.below(3) as i64;
        let status = *draw.weighted(&STATUSES).unwrap_or(&STATUSES[0].1);
        let total = Cents(product.price * quantity);
        // Slots start in 1970, and no clock is beyond the year 9999.
        let created_at = from_milliseconds(slot.instant).unwrap_or_default();
        // Written by hand: a million orders go through here, and every part is plain ASCII.
        let document = format!(
            r#"{{"order_id":"{order_id}","customer_id":"CUST_{:04}","region":"{region}","product_id":"{}","category":"{}","unit_price":{:?},"quantity":{quantity},"total":{:?},"status":"{status}","created_at":"{}"}}"#,
            customer + 1,
            product.id,
            product.category,
            Cents(product.price).dollars(),
            total.dollars(),
            rfc3339(created_at),
        );
        Order {
            order_id,
            created_at,
            status: status.to_owned(),
            category: product.category.to_owned(),
            product_id: product.id.to_owned(),
            quantity,
            total,
            document,
        }
    }
}

/// One slot of a plan.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Where in the stream it is, in steps; instants follow in the same order.
    pub place: i128,
    pub number: i64,
    /// In milliseconds from 1970.
    pub instant: i64,
    /// What the order's fields are drawn from.
    draw: Draw,
}

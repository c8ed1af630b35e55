//! Plans: endless streams of synthetic orders.

use app::model::Cents;
use thiserror::Error;

use super::catalog::{CUSTOMERS, PRODUCTS, region};
use super::draw::Draw;
use super::profile::{self, WEEK_MASS};
use super::status::Course;
use crate::order::{Order, OrderId, from_milliseconds, rfc3339};

const MAX_ORDERS: u64 = 50_000_000;
const MAX_DAYS: u32 = 3660;
/// Steps in a slot.
const STEPS_PER_SLOT: i128 = 1 << 16;
/// How many slots an order may be early or late.
const MAX_JITTER: u64 = 24;

/// An endless stream of synthetic orders: `orders` in somewhat less than `days` days. It has one slot per
/// order, counted from 1970. The plan, the number of a slot and the order's age decide its
/// order, so every machine generates the same bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    seed: u64,
    orders: u64,
    days: u32,
}

/// The plan is out of bounds.
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
    /// The plan of a server without configuration: 20,000 orders over 35 days, seed 42.
    pub const DEMONSTRATION: Self = Self {
        seed: 42,
        orders: 20_000,
        days: 35,
    };

    /// `orders` (1 to 50,000,000) over `days` (1 to 3660) days.
    pub fn new(seed: u64, orders: u64, days: u32) -> Result<Self, BadPlan> {
        if !(1..=MAX_ORDERS).contains(&orders) {
            return Err(BadPlan::Orders(orders));
        }
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(BadPlan::Days(days));
        }
        Ok(Self { seed, orders, days })
    }

    /// How many orders an empty store gets.
    pub fn orders(&self) -> u64 {
        self.orders
    }

    /// How many slots an order may be early or late; fewer when there are few orders a day, which
    /// keeps the shape of the week.
    pub(super) fn jitter(&self) -> i64 {
        (self.orders / u64::from(self.days)).clamp(1, MAX_JITTER) as i64
    }

    /// Seven times the mass that all orders share: a little less than that of the days, because a
    /// store may delete what is older. Jitter and quiet days may take back a day and more.
    fn mass(&self) -> i128 {
        let all = i128::from(self.days) * WEEK_MASS;
        let jitter = all * i128::from(self.jitter()) / i128::from(self.orders);
        (all - WEEK_MASS - jitter).max(all / 2)
    }

    /// The number of the last slot that is due at or before the instant, without jitter.
    pub(super) fn slot_at(&self, instant: i64) -> i64 {
        let mass = profile::mass_at(self.seed, instant);
        (mass * i128::from(7 * self.orders)).div_euclid(self.mass()) as i64
    }

    /// The slot with that number.
    pub(super) fn slot(&self, number: i64) -> Slot {
        let mut draw = Draw::new(self.seed, number as u64);
        let steps = i128::from(self.jitter()) * STEPS_PER_SLOT;
        let jitter = i128::from(draw.below(2 * steps as u64 + 1)) - steps;
        let place = i128::from(number) * STEPS_PER_SLOT + jitter;
        let mass = (place * self.mass()).div_euclid(i128::from(7 * self.orders) * STEPS_PER_SLOT);
        Slot {
            place,
            number,
            instant: profile::instant_at(self.seed, mass),
            draw,
        }
    }

    /// "ORD_" and the slot's number. The numbers of the two named plans are far apart. The number of
    /// any other plan starts with six digits of the plan, so that a store can hold several plans.
    pub(super) fn order_id(&self, number: i64) -> String {
        if *self == Self::default() || *self == Self::DEMONSTRATION {
            return format!("ORD_{number:05}");
        }
        let mut draw = Draw::new(self.seed, self.orders);
        let plan = Draw::new(draw.bits(), u64::from(self.days)).below(900_000) + 100_000;
        format!("ORD_{plan}{number:09}")
    }

    /// The slot's order as it is at `now`, in milliseconds from 1970.
    pub(super) fn order(&self, slot: &Slot, now: i64) -> Order {
        let mut draw = slot.draw.clone();
        let status = Course::drawn(&mut draw).status(now - slot.instant);
        let order_id = self.order_id(slot.number);
        let customer = draw.below(CUSTOMERS);
        let region = region(customer);
        let product = draw.weighted(&PRODUCTS).unwrap_or(&PRODUCTS[0].1);
        let quantity = 1 + draw.below(3) as i64;
        let total = Cents(product.price * quantity);
        // Never out of range: slots start in 1970, and no clock is beyond the year 9999.
        let created_at = from_milliseconds(slot.instant).unwrap_or_default();
        // Formatted by hand because it is fast; every part is plain ASCII.
        let document = format!(
            r#"{{"order_id":"{order_id}","customer_id":"CUST_{:04}","region":"{region}","product_id":"{}","product_name":"{}","category":"{}","unit_price":{:?},"quantity":{quantity},"total":{:?},"status":"{status}","created_at":"{}"}}"#,
            customer + 1,
            product.id,
            product.name,
            product.category,
            Cents(product.price).dollars(),
            total.dollars(),
            rfc3339(created_at),
        );
        Order {
            order_id: OrderId::Text(order_id),
            created_at,
            customer_id: format!("CUST_{:04}", customer + 1),
            region: region.to_owned(),
            status: status.to_owned(),
            category: product.category.to_owned(),
            product_id: product.id.to_owned(),
            product_name: Some(product.name.to_owned()),
            quantity,
            total,
            document,
        }
    }
}

/// One slot of a plan.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its place in the stream with jitter, in steps; instants have the same order.
    pub place: i128,
    pub number: i64,
    /// In milliseconds from 1970.
    pub instant: i64,
    /// Decides the order's fields.
    draw: Draw,
}

impl Slot {
    /// Whether the order has another status at `until` than at `after`, in milliseconds from 1970.
    pub(super) fn changes(&self, after: i64, until: i64) -> bool {
        let course = Course::drawn(&mut self.draw.clone());
        course.status(after - self.instant) != course.status(until - self.instant)
    }
}

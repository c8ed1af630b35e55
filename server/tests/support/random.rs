//! Reproducible random orders.

use chrono::{DateTime, TimeDelta, Utc};
use server::order::Order;

use super::draft::Draft;

/// SplitMix64, see <https://prng.di.unimi.it/splitmix64.c>.
pub struct Random(pub u64);

impl Random {
    /// A number in `0..end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    /// One of them.
    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// `count` orders of the 40 days around `now`, five of them in the future, not sorted by time.
///
/// Times fall on whole seconds within some hours, so that several orders share an instant; some
/// categories, products and states are unknown, some totals negative.
pub fn orders(count: u64, seed: u64, now: DateTime<Utc>) -> Vec<Order> {
    let mut random = Random(seed);
    (0..count)
        .map(|number| order(&mut random, number, now))
        .collect()
}

fn order(random: &mut Random, number: u64, now: DateTime<Utc>) -> Order {
    let hours = random.below(40 * 24) as i64 - 35 * 24;
    let seconds = random.below(60) as i64;
    let created_at = now + TimeDelta::hours(hours) + TimeDelta::seconds(seconds);
    let product = random.below(50);
    let categories = [
        "footwear",
        "apparel",
        "accessories",
        "electronics",
        "",
        "Zubehör",
    ];
    let cents = random.below(60_000) as i64 - 1_000;
    let states = [
        "pending",
        "shipped",
        "delivered",
        "delivered",
        "returned",
        "lost",
    ];
    let regions = ["North", "South", "East", "West", "nord", ""];
    let mut draft = Draft::new(&format!("ORD_{number:06}"), created_at)
        .status(random.one(&states))
        .product(&format!("PROD_{product:03}"))
        .category(random.one(&categories))
        .quantity(random.below(4) as i64)
        .total(cents as f64 / 100.0);
    draft.region = random.one(&regions).to_owned();
    draft.customer_id = format!("CUST_{:04}", random.below(9));
    if product.is_multiple_of(2) {
        draft.product_name = Some(format!("Product {}", random.below(3)));
    }
    draft.order()
}

//! The 500 orders of the lesson and their figures.

use serde_json::Value;
use server::order::Order;

/// The time of the lesson's figures.
pub const NOW: &str = "2026-11-22T10:37:21Z";

const ORDERS: &str = include_str!("../data/lesson_orders.jsonl");
const EXPECTED: &str = include_str!("../data/lesson_orders_expected.json");

pub fn orders() -> Vec<Order> {
    ORDERS
        .lines()
        .map(|line| Order::from_json(line).expect("an order"))
        .collect()
}

pub fn expected() -> Value {
    serde_json::from_str(EXPECTED).expect("JSON")
}

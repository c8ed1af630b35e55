//! Builds orders for tests.

use chrono::{DateTime, Utc};
use serde::Serialize;
use server::order::Order;

use super::time::at;

/// The document of an order. A case sets only the fields that it is about.
#[derive(Clone, Debug, Serialize)]
pub struct Draft {
    pub order_id: String,
    pub customer_id: String,
    pub region: String,
    pub product_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_name: Option<String>,
    pub category: String,
    pub unit_price: f64,
    pub quantity: i64,
    pub total: f64,
    pub status: String,
    pub created_at: DateTime<Utc>,
}

impl Draft {
    /// A delivered pair of shoes for $10.00.
    pub fn new(order_id: &str, created_at: DateTime<Utc>) -> Self {
        Self {
            order_id: order_id.to_owned(),
            customer_id: "CUST_0001".to_owned(),
            region: "North".to_owned(),
            product_id: "PROD_001".to_owned(),
            product_name: None,
            category: "footwear".to_owned(),
            unit_price: 10.0,
            quantity: 1,
            total: 10.0,
            status: "delivered".to_owned(),
            created_at,
        }
    }

    /// The same, with an RFC 3339 time.
    pub fn at(order_id: &str, created_at: &str) -> Self {
        Self::new(order_id, at(created_at))
    }

    pub fn status(self, status: &str) -> Self {
        let status = status.to_owned();
        Self { status, ..self }
    }

    pub fn category(self, category: &str) -> Self {
        let category = category.to_owned();
        Self { category, ..self }
    }

    pub fn product(self, product_id: &str) -> Self {
        let product_id = product_id.to_owned();
        Self { product_id, ..self }
    }

    pub fn quantity(self, quantity: i64) -> Self {
        Self { quantity, ..self }
    }

    pub fn total(self, dollars: f64) -> Self {
        let total = dollars;
        Self { total, ..self }
    }

    /// The order, parsed from its document.
    pub fn order(&self) -> Order {
        let line = serde_json::to_string(self).expect("JSON");
        Order::from_json(&line).expect("an order")
    }
}

/// The orders of all drafts.
pub fn orders<'a>(drafts: impl IntoIterator<Item = &'a Draft>) -> Vec<Order> {
    drafts.into_iter().map(Draft::order).collect()
}

//! The metrics' data. Money is in cents, counts are 64-bit integers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Cell, Cents, Sheet, Timestamp};

/// The orders of one business day, whatever their status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyOrders {
    pub day: NaiveDate,
    pub orders: u64,
    /// True for today, which is not over yet.
    pub unfinished: bool,
}

/// Orders and revenue of one window. All orders count; revenue excludes returned ones.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub revenue_cents: Cents,
    pub orders: u64,
}

/// The business day so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    pub today: Figures,
    /// Yesterday, until as much time had passed since its start as has today.
    pub yesterday_same_time: Figures,
    /// The same weekday a week ago, likewise.
    pub week_ago_same_time: Figures,
    /// All of yesterday.
    pub yesterday: Figures,
    /// The end of yesterday's figures: the same time of day, except after a change of the clock. Not
    /// on the wire, because only the server's page shows it.
    #[serde(skip)]
    pub yesterday_until: Option<Timestamp>,
}

/// Orders of the whole store that are not yet delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveOrders {
    pub pending: u64,
    pub shipped: u64,
    /// When the oldest pending order was made; `None` without one.
    pub oldest_pending: Option<Timestamp>,
    /// How many orders have been pending for over 24 hours.
    pub pending_over_24h: u64,
}

/// One product's sales over the last 7 business days, returned orders excluded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSales {
    pub product_id: String,
    /// Where the orders name the product; the first in alphabetical order of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_name: Option<String>,
    /// The first in alphabetical order if the product's orders name several.
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

impl Sheet for Today {
    fn columns(&self) -> Vec<&'static str> {
        vec!["day", "orders", "revenue"]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |day: &str, figures: Figures| {
            vec![
                Cell::plain(day),
                Cell::plain(figures.orders),
                Cell::plain(figures.revenue_cents.plain()),
            ]
        };
        vec![
            row("today", self.today),
            row("yesterday_same_time", self.yesterday_same_time),
            row("week_ago_same_time", self.week_ago_same_time),
            row("yesterday", self.yesterday),
        ]
    }
}

impl Sheet for ActiveOrders {
    fn columns(&self) -> Vec<&'static str> {
        vec!["status", "orders"]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |status: &str, orders: u64| vec![Cell::plain(status), Cell::plain(orders)];
        vec![
            row("pending", self.pending),
            row("shipped", self.shipped),
            row("pending_over_24h", self.pending_over_24h),
        ]
    }
}

impl Sheet for Vec<DailyOrders> {
    fn columns(&self) -> Vec<&'static str> {
        vec!["day", "orders", "unfinished"]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |day: &DailyOrders| {
            vec![
                Cell::plain(day.day),
                Cell::plain(day.orders),
                Cell::plain(day.unfinished),
            ]
        };
        self.iter().map(row).collect()
    }
}

impl Sheet for Vec<ProductSales> {
    fn columns(&self) -> Vec<&'static str> {
        vec!["product_id", "product_name", "category", "units", "revenue"]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |product: &ProductSales| {
            vec![
                Cell::text(&product.product_id),
                Cell::text(product.product_name.as_deref().unwrap_or_default()),
                Cell::text(&product.category),
                Cell::plain(product.units),
                Cell::plain(product.revenue_cents.plain()),
            ]
        };
        self.iter().map(row).collect()
    }
}

impl Sheet for Vec<RecentOrder> {
    fn columns(&self) -> Vec<&'static str> {
        vec!["order_id", "created_at", "product_id", "total", "status"]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |order: &RecentOrder| {
            vec![
                Cell::text(&order.order_id),
                Cell::plain(order.created_at),
                Cell::text(&order.product_id),
                Cell::plain(order.total_cents.plain()),
                Cell::text(&order.status),
            ]
        };
        self.iter().map(row).collect()
    }
}

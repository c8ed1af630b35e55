//! Rows that other programs read: their shape is a contract.

use app::model::{CategoryRevenue, DailyOrders};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Rows, cents, read, write};

#[derive(Serialize, Deserialize)]
struct CategoryRow {
    #[serde(rename = "_id")]
    category: String,
    revenue: f64,
    orders: u64,
    avg_order: f64,
}

impl Rows for Vec<CategoryRevenue> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|category| CategoryRow {
            category: category.category.clone(),
            revenue: category.revenue_cents.dollars(),
            orders: category.orders,
            avg_order: category.average_order_cents.dollars(),
        }))
    }

    fn from_rows(text: &str) -> Option<Self> {
        read(text)?
            .map(|row: CategoryRow| {
                let revenue_cents = cents(row.revenue)?;
                Some(CategoryRevenue {
                    category: row.category,
                    revenue_cents,
                    orders: row.orders,
                    average_order_cents: revenue_cents.per_order(row.orders),
                })
            })
            .collect()
    }
}

#[derive(Serialize, Deserialize)]
struct DayRow {
    #[serde(rename = "_id")]
    day: NaiveDate,
    count: u64,
}

/// The last day is the unfinished one.
impl Rows for Vec<DailyOrders> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|day| DayRow {
            day: day.day,
            count: day.orders,
        }))
    }

    fn from_rows(text: &str) -> Option<Self> {
        let mut days: Self = read(text)?
            .map(|row: DayRow| DailyOrders {
                day: row.day,
                orders: row.count,
                unfinished: false,
            })
            .collect();
        days.last_mut()?.unfinished = true;
        Some(days)
    }
}

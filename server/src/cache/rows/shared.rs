//! Rows that other programs read: their shape is a contract.

use app::model::group_revenue::Grouping;
use app::model::{DailyOrders, GroupRevenue};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Rows, cents, read, write};

#[derive(Serialize, Deserialize)]
struct GroupRow {
    #[serde(rename = "_id")]
    name: String,
    revenue: f64,
    orders: u64,
    avg_order: f64,
}

impl<G: Grouping> Rows for Vec<GroupRevenue<G>> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|group| GroupRow {
            name: group.name.clone(),
            revenue: group.revenue_cents.dollars(),
            orders: group.orders,
            avg_order: group.average_order_cents.dollars(),
        }))
    }

    fn from_rows(text: &str) -> Option<Self> {
        read(text)?
            .map(|row: GroupRow| Some(GroupRevenue::new(row.name, cents(row.revenue)?, row.orders)))
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

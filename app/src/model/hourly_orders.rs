//! The business day hour by hour.

use serde::{Deserialize, Serialize};

use super::{Cell, Figures, Sheet, Timestamp};

/// One hour that elapses after the day's start, today and yesterday. Days on which the clocks change
/// have 23 to 25 hours, and the last may be a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourlyOrders {
    /// When the hour begins today, or yesterday if only that day is so long.
    pub from: Timestamp,
    /// `None` for an hour that has not begun, or that today does not have.
    pub today: Option<Figures>,
    /// `None` for an hour that yesterday did not have.
    pub yesterday: Option<Figures>,
    /// True for the hour that is not over yet.
    pub unfinished: bool,
}

impl Sheet for Vec<HourlyOrders> {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "from",
            "orders",
            "revenue",
            "orders_yesterday",
            "revenue_yesterday",
            "unfinished",
        ]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let orders = |figures: Option<Figures>| {
            Cell::plain(figures.map_or_else(String::new, |figures| figures.orders.to_string()))
        };
        let revenue = |figures: Option<Figures>| {
            Cell::plain(figures.map_or_else(String::new, |figures| figures.revenue_cents.plain()))
        };
        let row = |hour: &HourlyOrders| {
            vec![
                Cell::plain(hour.from),
                orders(hour.today),
                revenue(hour.today),
                orders(hour.yesterday),
                revenue(hour.yesterday),
                Cell::plain(hour.unfinished),
            ]
        };
        self.iter().map(row).collect()
    }
}

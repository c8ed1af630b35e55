//! The panels, by the endpoint that answers each.

use serde::{Deserialize, Serialize};

/// A metric with an endpoint of its own.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    Today,
    ActiveOrders,
    DailyOrders,
    CategoryRevenue,
    TopProducts,
    RecentOrders,
}

impl Panel {
    /// All panels, in the page's order.
    pub const ALL: [Self; 6] = [
        Self::Today,
        Self::ActiveOrders,
        Self::DailyOrders,
        Self::CategoryRevenue,
        Self::TopProducts,
        Self::RecentOrders,
    ];

    /// The name of the server function, and of the CSV file.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::ActiveOrders => "active_orders",
            Self::DailyOrders => "daily_orders",
            Self::CategoryRevenue => "category_revenue",
            Self::TopProducts => "top_products",
            Self::RecentOrders => "recent_orders",
        }
    }

    /// The panel that `endpoint` names.
    pub fn of_endpoint(endpoint: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|panel| panel.endpoint() == endpoint)
    }

    /// How people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::ActiveOrders => "Active orders",
            Self::DailyOrders => "Orders per day",
            Self::CategoryRevenue => "Revenue by category",
            Self::TopProducts => "Top products",
            Self::RecentOrders => "Recent orders",
        }
    }
}

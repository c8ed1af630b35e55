//! The names under which answers are cached. Other programs read some of them.

use std::time::Duration;

/// One cached answer.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    CategoryRevenue,
    DailyOrders,
    Today,
    ActiveOrders,
    TopProducts,
    RecentOrders,
    Watermark,
}

impl Key {
    /// How many keys there are.
    pub const COUNT: usize = 7;

    /// The key's name in a shared cache.
    pub fn name(self) -> &'static str {
        match self {
            Self::CategoryRevenue => "dashboard:category_revenue",
            Self::DailyOrders => "dashboard:daily_order_count",
            Self::Today => "dashboard:today",
            Self::ActiveOrders => "dashboard:active_orders",
            Self::TopProducts => "dashboard:top_products",
            Self::RecentOrders => "dashboard:recent_orders",
            Self::Watermark => "dashboard:watermark",
        }
    }

    /// Where a shared cache keeps what belongs to the answer beside its rows. The braces keep both
    /// on one slot of a cluster.
    pub fn meta_name(self) -> String {
        format!("{{{}}}:meta", self.name())
    }

    /// Where replicas claim the key in a shared cache.
    pub fn lock_name(self) -> String {
        format!("{{{}}}:lock", self.name())
    }

    /// Whether the answer is about the business day, and wrong once the next one has begun.
    pub fn is_of_the_day(self) -> bool {
        matches!(self, Self::Today | Self::DailyOrders | Self::TopProducts)
    }

    /// How long an answer lives.
    pub fn time_to_live(self) -> Duration {
        match self {
            Self::CategoryRevenue => Duration::from_secs(300),
            _ => Duration::from_secs(60),
        }
    }
}

//! The registry of panels, one line each. The endpoint, the CSV file, the cache key and the fields
//! of the refresh form follow from it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Passes the registry on to the macro `$then`, for code that is the same for every panel but for
/// its types. In the page's order: the panel, its endpoint, its data, its title, the name that it
/// is cached under, for how many seconds, and which window it looks at.
#[macro_export]
macro_rules! panels {
    ($then:ident) => {
        $then! {
            Today: today, $crate::model::Today, "Today", "today", 60, BusinessDays;
            ActiveOrders: active_orders, $crate::model::ActiveOrders, "Active orders", "active_orders", 60, NoDays;
            Returns: returns, $crate::model::Returns, "Returns", "returns", 60, BusinessDays;
            HourlyOrders: hourly_orders, Vec<$crate::model::HourlyOrders>, "Today by hour", "hourly_orders", 60, BusinessDays;
            DailyOrders: daily_orders, Vec<$crate::model::DailyOrders>, "Orders per day", "daily_order_count", 60, BusinessDays;
            CategoryRevenue: category_revenue, Vec<$crate::model::CategoryRevenue>, "Revenue by category", "category_revenue", 300, NoDays;
            RegionRevenue: region_revenue, Vec<$crate::model::RegionRevenue>, "Revenue by region", "region_revenue", 300, NoDays;
            TopProducts: top_products, Vec<$crate::model::ProductSales>, "Top products", "top_products", 60, BusinessDays;
            RecentOrders: recent_orders, Vec<$crate::model::RecentOrder>, "Recent orders", "recent_orders", 60, NoDays;
        }
    };
}

/// Whether an answer becomes wrong when the next business day begins.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Looks {
    BusinessDays,
    NoDays,
}

macro_rules! panel_type {
    ($($panel:ident: $endpoint:ident, $data:ty, $title:literal, $cached:literal, $seconds:literal, $looks:ident;)*) => {
        /// A metric with an endpoint of its own.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Panel {
            $($panel,)*
        }

        impl Panel {
            /// All panels, in the page's order.
            pub const ALL: &[Self] = &[$(Self::$panel,)*];

            /// The name of the server function, and of the CSV file.
            pub fn endpoint(self) -> &'static str {
                match self {
                    $(Self::$panel => stringify!($endpoint),)*
                }
            }

            /// The title for people.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$panel => $title,)*
                }
            }

            /// Its answer's key in a shared cache.
            pub fn cached_under(self) -> &'static str {
                match self {
                    $(Self::$panel => concat!("dashboard:", $cached),)*
                }
            }

            /// How long an answer lives in the cache.
            pub fn time_to_live(self) -> Duration {
                Duration::from_secs(match self {
                    $(Self::$panel => $seconds,)*
                })
            }

            /// Whether the answer is about business days, and becomes wrong when the next one begins.
            pub fn is_of_the_day(self) -> bool {
                let looks = match self {
                    $(Self::$panel => Looks::$looks,)*
                };
                looks == Looks::BusinessDays
            }
        }
    };
}

panels!(panel_type);

impl Panel {
    /// The panel that `endpoint` names.
    pub fn of_endpoint(endpoint: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|panel| panel.endpoint() == endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_is_its_endpoint_on_the_wire() {
        for panel in Panel::ALL {
            let name = serde_json::to_value(panel).expect("JSON");
            assert_eq!(name, panel.endpoint());
            assert_eq!(Panel::of_endpoint(panel.endpoint()), Some(*panel));
        }
    }
}

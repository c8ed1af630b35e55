//! The panels, one a file.

mod active_orders;
mod archive;
mod category_revenue;
mod daily_orders;
mod group_revenue;
mod orders_today;
mod recent_orders;
mod region_revenue;
mod revenue_today;
mod today;
mod top_products;

pub use active_orders::ActiveOrdersPanel;
pub use archive::ArchivePanel;
pub use category_revenue::CategoryRevenuePanel;
pub use daily_orders::DailyOrdersPanel;
pub use orders_today::OrdersTodayPanel;
pub use recent_orders::RecentOrdersPanel;
pub use region_revenue::RegionRevenuePanel;
pub use revenue_today::RevenueTodayPanel;
pub use top_products::TopProductsPanel;

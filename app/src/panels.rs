//! The panels, one a file.

mod active_orders;
mod archive;
mod category_revenue;
mod daily_orders;
mod figures;
mod group_revenue;
mod hourly_orders;
mod orders_today;
mod recent_orders;
mod region_revenue;
mod returns;
mod revenue_today;
mod today;
mod top_products;

pub use archive::ArchivePanel;
pub use category_revenue::CategoryRevenuePanel;
pub use daily_orders::DailyOrdersPanel;
pub use figures::Figures;
pub use hourly_orders::HourlyOrdersPanel;
pub use recent_orders::RecentOrdersPanel;
pub use region_revenue::RegionRevenuePanel;
pub use top_products::TopProductsPanel;

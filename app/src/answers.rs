//! Everything that one rendering of the page shows.

use crate::api::{self, ApiError};
use crate::model::{
    ActiveOrders, ArchiveStatus, CategoryRevenue, DailyOrders, ProductSales, RecentOrder, Snapshot,
    Status, Today, Watermark,
};

/// What a server function gives.
pub type Answer<T> = Result<T, ApiError>;

/// One answer a server function: each may fail on its own.
#[derive(Clone, Debug)]
pub struct Answers {
    pub status: Answer<Status>,
    pub watermark: Answer<Watermark>,
    pub today: Answer<Snapshot<Today>>,
    pub active_orders: Answer<Snapshot<ActiveOrders>>,
    pub daily_orders: Answer<Snapshot<Vec<DailyOrders>>>,
    pub category_revenue: Answer<Snapshot<Vec<CategoryRevenue>>>,
    pub top_products: Answer<Snapshot<Vec<ProductSales>>>,
    pub recent_orders: Answer<Snapshot<Vec<RecentOrder>>>,
    pub archive: Answer<ArchiveStatus>,
}

impl Answers {
    /// Asks for everything at once: while a store is away each answer takes its time.
    pub async fn load() -> Self {
        api::settle().await;
        let surroundings =
            futures::future::join3(api::status(), api::watermark(), api::archive_status());
        let figures =
            futures::future::join3(api::today(), api::active_orders(), api::daily_orders());
        let tables = futures::future::join3(
            api::category_revenue(),
            api::top_products(),
            api::recent_orders(),
        );
        let (
            (status, watermark, archive),
            (today, active_orders, daily_orders),
            (category_revenue, top_products, recent_orders),
        ) = futures::join!(surroundings, figures, tables);
        Self {
            status,
            watermark,
            today,
            active_orders,
            daily_orders,
            category_revenue,
            top_products,
            recent_orders,
            archive,
        }
    }
}

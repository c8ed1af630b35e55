use leptos::prelude::*;

use super::ApiError;
use crate::model::{RecentOrder, Snapshot};

/// The 5 newest orders.
#[server(name = GetRecentOrders, prefix = "/api", endpoint = "recent_orders")]
pub async fn recent_orders() -> Result<Snapshot<Vec<RecentOrder>>, ApiError> {
    super::answer(
        super::ports()?
            .dashboard
            .recent_orders(crate::ports::Read::Cached)
            .await,
    )
}

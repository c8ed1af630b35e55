use leptos::prelude::*;

use super::ApiError;
use crate::model::{Filter, RecentOrder, Snapshot};

/// The 5 newest orders.
#[server(name = GetRecentOrders, prefix = "/api", endpoint = "recent_orders")]
pub async fn recent_orders(
    #[server(default)] filter: Filter,
) -> Result<Snapshot<Vec<RecentOrder>>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(
        dashboard
            .recent_orders(&filter, crate::ports::Read::Cached)
            .await,
    )
}

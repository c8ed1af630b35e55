use leptos::prelude::*;

use super::ApiError;
use crate::model::{ActiveOrders, Filter, Snapshot};

/// Pending and shipped orders of the whole store.
#[server(name = GetActiveOrders, prefix = "/api", endpoint = "active_orders")]
pub async fn active_orders(
    #[server(default)] filter: Filter,
) -> Result<Snapshot<ActiveOrders>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(
        dashboard
            .active_orders(&filter, crate::ports::Read::Cached)
            .await,
    )
}

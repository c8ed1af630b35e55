use leptos::prelude::*;

use super::ApiError;
use crate::model::{ActiveOrders, Snapshot};

/// Pending and shipped orders of the whole store.
#[server(name = GetActiveOrders, prefix = "/api", endpoint = "active_orders")]
pub async fn active_orders() -> Result<Snapshot<ActiveOrders>, ApiError> {
    super::answer(
        super::ports()?
            .dashboard
            .active_orders(crate::ports::Read::Cached)
            .await,
    )
}

use leptos::prelude::*;

use super::ApiError;
use crate::model::{DailyOrders, Snapshot};

/// Orders of each of the last 7 business days, today included.
#[server(name = GetDailyOrders, prefix = "/api", endpoint = "daily_orders")]
pub async fn daily_orders() -> Result<Snapshot<Vec<DailyOrders>>, ApiError> {
    super::answer(
        super::ports()?
            .dashboard
            .daily_orders(crate::ports::Read::Cached)
            .await,
    )
}

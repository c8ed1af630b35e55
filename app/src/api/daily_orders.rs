use leptos::prelude::*;

use super::ApiError;
use crate::model::{DailyOrders, Filter, Snapshot};

/// Orders of each of the last 7 business days, today included.
#[server(name = GetDailyOrders, prefix = "/api", endpoint = "daily_orders")]
pub async fn daily_orders(
    #[server(default)] filter: Filter,
) -> Result<Snapshot<Vec<DailyOrders>>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(
        dashboard
            .daily_orders(&filter, crate::ports::Read::Cached)
            .await,
    )
}

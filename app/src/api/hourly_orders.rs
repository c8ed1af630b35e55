use leptos::prelude::*;

use super::ApiError;
use crate::model::{Filter, HourlyOrders, Snapshot};

/// The business day so far and all of yesterday, hour by hour.
#[server(name = GetHourlyOrders, prefix = "/api", endpoint = "hourly_orders")]
pub async fn hourly_orders(
    #[server(default)] filter: Filter,
) -> Result<Snapshot<Vec<HourlyOrders>>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(
        dashboard
            .hourly_orders(&filter, crate::ports::Read::Cached)
            .await,
    )
}

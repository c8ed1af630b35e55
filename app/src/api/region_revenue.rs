use leptos::prelude::*;

use super::ApiError;
use crate::model::{Filter, RegionRevenue, Snapshot};

/// Revenue per region over the last 30 days, returns excluded.
#[server(name = GetRegionRevenue, prefix = "/api", endpoint = "region_revenue")]
pub async fn region_revenue(
    #[server(default)] filter: Filter,
) -> Result<Snapshot<Vec<RegionRevenue>>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(
        dashboard
            .region_revenue(&filter, crate::ports::Read::Cached)
            .await,
    )
}

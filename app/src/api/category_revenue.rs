use leptos::prelude::*;

use super::ApiError;
use crate::model::{CategoryRevenue, Filter, Snapshot};

/// Revenue per category over the last 30 days, returns excluded.
#[server(name = GetCategoryRevenue, prefix = "/api", endpoint = "category_revenue")]
pub async fn category_revenue(
    #[server(default)] filter: Filter,
) -> Result<Snapshot<Vec<CategoryRevenue>>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(
        dashboard
            .category_revenue(&filter, crate::ports::Read::Cached)
            .await,
    )
}

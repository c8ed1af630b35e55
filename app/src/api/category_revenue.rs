use leptos::prelude::*;

use super::ApiError;
use crate::model::{CategoryRevenue, Snapshot};

/// Revenue per category over the last 30 days, returns excluded.
#[server(name = GetCategoryRevenue, prefix = "/api", endpoint = "category_revenue")]
pub async fn category_revenue() -> Result<Snapshot<Vec<CategoryRevenue>>, ApiError> {
    super::answer(
        super::ports()?
            .dashboard
            .category_revenue(crate::ports::Read::Cached)
            .await,
    )
}

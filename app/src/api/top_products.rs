use leptos::prelude::*;

use super::ApiError;
use crate::model::{Filter, ProductSales, Snapshot};

/// The 5 products with most units over the last 7 business days.
#[server(name = GetTopProducts, prefix = "/api", endpoint = "top_products")]
pub async fn top_products(
    #[server(default)] filter: Filter,
) -> Result<Snapshot<Vec<ProductSales>>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(
        dashboard
            .top_products(&filter, crate::ports::Read::Cached)
            .await,
    )
}

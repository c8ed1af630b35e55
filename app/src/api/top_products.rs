use leptos::prelude::*;

use super::ApiError;
use crate::model::{ProductSales, Snapshot};

/// The 5 products with most units over the last 7 business days.
#[server(name = GetTopProducts, prefix = "/api", endpoint = "top_products")]
pub async fn top_products() -> Result<Snapshot<Vec<ProductSales>>, ApiError> {
    super::answer(
        super::ports()?
            .dashboard
            .top_products(crate::ports::Read::Cached)
            .await,
    )
}

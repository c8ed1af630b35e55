use leptos::prelude::*;

use super::ApiError;
use crate::model::Watermark;

/// The figures for a later refresh to compare with.
#[server(name = GetWatermark, prefix = "/api", endpoint = "watermark")]
pub async fn watermark() -> Result<Watermark, ApiError> {
    super::answer(
        super::ports()?
            .dashboard
            .watermark(crate::ports::Read::Cached)
            .await,
    )
}

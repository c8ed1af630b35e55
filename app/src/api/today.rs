use leptos::prelude::*;

use super::ApiError;
use crate::model::{Snapshot, Today};

/// The business day so far, and yesterday at the same time.
#[server(name = GetToday, prefix = "/api", endpoint = "today")]
pub async fn today() -> Result<Snapshot<Today>, ApiError> {
    super::answer(
        super::ports()?
            .dashboard
            .today(crate::ports::Read::Cached)
            .await,
    )
}

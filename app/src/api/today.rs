use leptos::prelude::*;

use super::ApiError;
use crate::model::{Filter, Snapshot, Today};

/// The business day so far, and yesterday at the same time.
#[server(name = GetToday, prefix = "/api", endpoint = "today")]
pub async fn today(#[server(default)] filter: Filter) -> Result<Snapshot<Today>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(dashboard.today(&filter, crate::ports::Read::Cached).await)
}

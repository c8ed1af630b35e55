use leptos::prelude::*;

use super::ApiError;
use crate::model::{Filter, Returns, Snapshot};

/// Returned orders of the last 7 business days and of the 7 before.
#[server(name = GetReturns, prefix = "/api", endpoint = "returns")]
pub async fn returns(#[server(default)] filter: Filter) -> Result<Snapshot<Returns>, ApiError> {
    let dashboard = super::ports()?.dashboard;
    super::answer(dashboard.returns(&filter, crate::ports::Read::Cached).await)
}

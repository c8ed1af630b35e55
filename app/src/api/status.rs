use leptos::prelude::*;

use super::ApiError;
use crate::model::Status;

/// The state of each store, and whether the orders are synthetic.
#[server(name = GetStatus, prefix = "/api", endpoint = "status")]
pub async fn status() -> Result<Status, ApiError> {
    Ok(super::ports()?.dashboard.status().await)
}

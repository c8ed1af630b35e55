use leptos::prelude::*;

use super::ApiError;
use crate::model::ArchiveStatus;

/// The archive run under way and the earlier ones.
#[server(name = GetArchiveStatus, prefix = "/api", endpoint = "archive_status")]
pub async fn archive_status() -> Result<ArchiveStatus, ApiError> {
    super::answer(super::ports()?.archive.status().await)
}

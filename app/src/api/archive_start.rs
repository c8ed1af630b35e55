use leptos::prelude::*;

use super::ApiError;
use crate::model::ArchiveRun;

/// Starts to archive `month` ("2026-10"; this month without one), or joins the run under way.
#[server(prefix = "/api", endpoint = "archive_start")]
pub async fn archive_start(month: Option<String>) -> Result<ArchiveRun, ApiError> {
    let month = month
        .filter(|text| !text.is_empty())
        .map(|text| {
            // Repeat at most as much text as a month has.
            let shown: String = text.chars().take(12).collect();
            text.parse().map_err(|error| {
                ApiError::invalid(format!("\"{shown}\" cannot be archived: {error}"))
            })
        })
        .transpose();
    let month = super::answer(month)?;
    super::answer(super::ports()?.archive.start(month).await)
}

use leptos::prelude::*;

use super::ApiError;
use crate::model::VerifyReport;

/// Reads the archive of the run `run_id` back and compares it with its receipt.
#[server(prefix = "/api", endpoint = "archive_verify")]
pub async fn archive_verify(run_id: String) -> Result<VerifyReport, ApiError> {
    super::answer(super::ports()?.archive.verify(&run_id).await)
}

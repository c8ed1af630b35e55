//! A run's receipt: written once, it makes the run count.

use app::api::ApiError;
use app::model::{ArchiveRun, RunState};
use bytes::Bytes;
use futures::TryStreamExt;
use ulid::Ulid;

use super::errors::{ArchiveError, unknown_runs};
use super::names;
use super::parts::ArchiveParts;
use crate::objects::{Content, Digest, ObjectError, PutMode};

const WHAT: &str = "the receipt";

/// Says in the receipt that the run has succeeded.
pub async fn write(parts: &ArchiveParts, run: &ArchiveRun) -> Result<(), ArchiveError> {
    let receipt = ArchiveRun {
        state: RunState::Succeeded,
        ..run.clone()
    };
    let mut json = serde_json::to_value(receipt).map_err(|_| ArchiveError::Fault)?;
    // It is written before the run is published.
    if let Some(fields) = json.as_object_mut() {
        fields.remove("published");
    }
    let json = serde_json::to_vec_pretty(&json).map_err(|_| ArchiveError::Fault)?;
    let (name, content) = (names::receipt(&run.run_id)?, Content::Bytes(json.into()));
    match parts.objects.put(&name, content, PutMode::Create).await {
        // Nobody else writes this name: an answer was lost.
        Ok(_) | Err(ObjectError::AlreadyExists { .. }) => Ok(()),
        Err(error) => Err(ArchiveError::object(WHAT, "written")(error)),
    }
}

/// The run by its receipt; `None` without one.
pub async fn read(parts: &ArchiveParts, run_id: &str) -> Result<Option<ArchiveRun>, ArchiveError> {
    let content = match parts.objects.read(&names::receipt(run_id)?).await {
        Ok((content, _)) => content,
        Err(ObjectError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(ArchiveError::object(WHAT, "read")(error)),
    };
    let pieces = content.try_collect::<Vec<Bytes>>().await;
    let pieces = pieces.map_err(ArchiveError::object(WHAT, "read"))?;
    let run = serde_json::from_slice::<ArchiveRun>(&pieces.concat()).ok();
    match run.filter(|run| run.run_id == run_id) {
        Some(run) => Ok(Some(run)),
        None => Err(ArchiveError::Damaged(run_id.to_owned())),
    }
}

/// The run by the run log or, where that has lost it, by its receipt.
pub async fn find(parts: &ArchiveParts, run_id: &str) -> Result<ArchiveRun, ApiError> {
    let shown: String = run_id.chars().take(40).collect();
    if Ulid::from_string(run_id).is_err() {
        return Err(ApiError::invalid(format!(
            "\"{}\" is not a run id: expected one like 01JD8Q0Z3W6K5T9V2N4R7X1B8C",
            shown.escape_debug()
        )));
    }
    let logged = parts.log.find(run_id).await;
    if let Ok(Some(run)) = logged {
        return Ok(run);
    }
    match (read(parts, run_id).await, logged) {
        (Ok(Some(run)), _) => Ok(run),
        (_, Err(error)) => Err(unknown_runs(error)),
        (Ok(None), Ok(_)) => Err(ApiError::invalid(format!("there is no run {shown}"))),
        (Err(error), Ok(_)) => {
            tracing::warn!(?error, "a receipt could not be read");
            Err(ApiError::unavailable(error.to_string()))
        }
    }
}

/// The same of a run whose own object should be there; refuses all others.
pub async fn archived(parts: &ArchiveParts, run_id: &str) -> Result<ArchiveRun, ApiError> {
    let run = find(parts, run_id).await?;
    let why = match run.state {
        RunState::Succeeded if run.stored_as.is_some() => return Ok(run),
        RunState::Succeeded => "it is of an earlier version, which kept no object for each run",
        state if state.is_active() => "it is still going on",
        _ => "it did not succeed",
    };
    let message = format!("run {run_id} has no archive of its own: {why}");
    Err(ApiError::invalid(message))
}

/// Whether these are the figures of the run's receipt.
pub fn has_figures(run: &ArchiveRun, digest: &Digest) -> bool {
    (run.orders, run.bytes) == (digest.lines, digest.bytes)
        && run.crc32c.as_deref() == Some(digest.checksum().as_str())
}

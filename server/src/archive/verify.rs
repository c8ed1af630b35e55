//! Reading an archive back, long after its run, and comparing it with the receipt.

use app::api::ApiError;
use app::model::number::grouped;
use app::model::{ArchiveFigures, ArchiveRun, RunState, VerifyOutcome, VerifyReport};
use axum::body::Bytes;
use futures::TryStreamExt;
use ulid::Ulid;

use super::job::ArchiveJob;
use super::port::log_failed;
use super::{ObjectError, ObjectName, Tally, target};

/// Among so many newest runs is the one that has replaced an archive, and those that
/// [`ArchiveJob::verifiable`] gives.
const RUNS: u32 = 1_000;
/// A longer manifest is none of ours.
const MANIFEST_BYTES: usize = 64 << 10;

impl ArchiveJob {
    /// The newest succeeded run of every archive, newest first: what should be there.
    pub async fn verifiable(&self) -> Result<Vec<ArchiveRun>, ApiError> {
        let mut runs = self.newest(RUNS).await?;
        runs.retain(|run| run.state == RunState::Succeeded);
        let mut names = std::collections::HashSet::new();
        runs.retain(|run| names.insert(run.object.clone()));
        Ok(runs)
    }

    /// Reads the archive of the run back and compares it with the receipt, however long it takes;
    /// see [`app::ports::Archive::verify`].
    pub async fn verify_run(&self, run_id: &str) -> Result<VerifyReport, ApiError> {
        let run = self.receipt(run_id).await?;
        if run.state != RunState::Succeeded {
            return Err(ApiError::invalid(format!(
                "run {run_id} has no archive to verify: {}",
                match run.state {
                    RunState::Running | RunState::Verifying => "it is still going on",
                    _ => "it did not succeed",
                }
            )));
        }
        let parts = &self.shared.parts;
        let name = ObjectName::new(run.object.clone())
            .map_err(|_| ApiError::internal("the receipt names no object"))?;
        let found = match parts.objects.read(&name).await {
            Ok(content) => Some(Tally::of(content).await.map_err(|error| {
                tracing::warn!(?error, "an archive could not be read to its end");
                ApiError::unavailable("the archive could not be read to its end: try again")
            })?),
            Err(ObjectError::NotFound { .. }) => None,
            Err(error) => return Err(unreadable(&error)),
        };
        let later = match &found {
            Some(found) if !found.is_of(&run) => self.later(&run, found).await?,
            _ => None,
        };
        let (outcome, message) = compared(&run, found.as_ref(), later.as_ref());
        Ok(VerifyReport {
            run_id: run.run_id.clone(),
            object: run.object.clone(),
            location: parts.objects.location(&name),
            checked_at: self.shared.now(),
            outcome,
            expected: ArchiveFigures {
                orders: run.orders,
                bytes: run.bytes,
                crc32c: run.crc32c.unwrap_or_default(),
                generation: run.generation,
            },
            found: found.map(|found| ArchiveFigures {
                orders: found.lines,
                bytes: found.bytes,
                crc32c: found.checksum(),
                generation: None,
            }),
            message,
        })
    }

    /// What is recorded of the run, or else its manifest: that is still there when the record of
    /// runs was lost.
    async fn receipt(&self, run_id: &str) -> Result<ArchiveRun, ApiError> {
        let shown = run_id.chars().take(40).collect::<String>();
        if Ulid::from_string(run_id).is_err() {
            return Err(ApiError::invalid(format!(
                "\"{}\" is not a run id: expected one like 01JD8Q0Z3W6K5T9V2N4R7X1B8C",
                shown.escape_debug()
            )));
        }
        let parts = &self.shared.parts;
        let found = parts.log.find(run_id).await;
        if let Ok(Some(run)) = found {
            return Ok(run);
        }
        let manifest = match target::manifest(run_id) {
            Ok(name) => parts.objects.read(&name).await,
            Err(_) => return Err(ApiError::internal("the manifest could not be named")),
        };
        let unknown = || ApiError::invalid(format!("there is no run {shown}"));
        match (manifest, found) {
            (Ok(content), _) => {
                let whole = content.try_fold(Vec::new(), |mut whole, piece: Bytes| async move {
                    if whole.len() < MANIFEST_BYTES {
                        whole.extend_from_slice(&piece);
                    }
                    Ok(whole)
                });
                let json = whole.await.ok();
                let run: Option<ArchiveRun> =
                    json.and_then(|json| serde_json::from_slice(&json).ok());
                run.filter(|run| run.run_id == run_id).ok_or_else(unknown)
            }
            (Err(_), Err(error)) => Err(log_failed(&error)),
            (Err(ObjectError::NotFound { .. }), Ok(_)) => Err(unknown()),
            (Err(error), Ok(_)) => Err(unreadable(&error)),
        }
    }

    /// The later run whose archive has these figures under the same name.
    async fn later(&self, run: &ArchiveRun, found: &Tally) -> Result<Option<ArchiveRun>, ApiError> {
        let runs = self.newest(RUNS).await?;
        Ok(runs.into_iter().find(|later| {
            later.object == run.object && later.started_at >= run.started_at && found.is_of(later)
        }))
    }

    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, ApiError> {
        let runs = self.shared.parts.log.newest(limit).await;
        runs.map_err(|error| log_failed(&error))
    }
}

fn unreadable(error: &ObjectError) -> ApiError {
    tracing::warn!(?error, "an archive could not be read");
    ApiError::unavailable(format!("the archive could not be read: {error}"))
}

/// The outcome, with the figure that differs.
fn compared(
    run: &ArchiveRun,
    found: Option<&Tally>,
    later: Option<&ArchiveRun>,
) -> (VerifyOutcome, String) {
    let Some(found) = found else {
        let message = "the archive is not there any more: restore it from a copy, or archive the \
             month again while its orders are still in the store";
        return (VerifyOutcome::Missing, message.to_owned());
    };
    if found.is_of(run) {
        return (
            VerifyOutcome::Intact,
            format!("the archive is what was stored: {found}"),
        );
    }
    if let Some(later) = later {
        let message = format!(
            "the archive was replaced by that of run {}, which is intact: {found}",
            later.run_id
        );
        return (VerifyOutcome::Replaced, message);
    }
    let advice = "restore it from a copy, or archive the month again";
    if found.bytes < run.bytes {
        let message = format!(
            "the archive was truncated: {} bytes instead of {}; {advice}",
            grouped(found.bytes),
            grouped(run.bytes)
        );
        return (VerifyOutcome::Truncated, message);
    }
    let (orders, bytes) = (grouped(run.orders), grouped(run.bytes));
    let expected = match found.lines == run.orders && found.bytes == run.bytes {
        true => format!("CRC32C {}", run.crc32c.as_deref().unwrap_or("unknown")),
        false => format!("{orders} lines, {bytes} bytes"),
    };
    let message = format!("the archive was changed: {found} instead of {expected}; {advice}");
    (VerifyOutcome::Changed, message)
}

//! Reading an archive back, long after its run, and comparing it with the receipt.

use app::api::ApiError;
use app::model::{ArchiveFigures, ArchiveRun, RunState, VerifyReport};
use axum::body::Bytes;
use futures::TryStreamExt;
use ulid::Ulid;

use super::job::ArchiveJob;
use super::port::log_failed;
use super::{Found, ObjectError, ObjectName, target};
use comparison::compared;

mod comparison;
mod remember;

/// Among so many newest runs of the month is the one that has replaced an archive.
const RUNS: u32 = 1_000;
/// A longer manifest is none of ours.
const MANIFEST_BYTES: usize = 64 << 10;

impl ArchiveJob {
    /// The newest succeeded run of every archive, newest first: what should be there.
    pub async fn verifiable(&self) -> Result<Vec<ArchiveRun>, ApiError> {
        let mut runs = self.newest(u32::MAX).await?;
        runs.retain(|run| run.state == RunState::Succeeded);
        let mut names = std::collections::HashSet::new();
        runs.retain(|run| names.insert(run.object.clone()));
        Ok(runs)
    }

    /// Reads the archive of the run back and compares it with the receipt, however long it takes;
    /// see [`app::ports::Archive::verify`].
    pub async fn verify_run(&self, run_id: &str) -> Result<VerifyReport, ApiError> {
        let run = self.receipt(run_id).await?;
        let refused = |why| {
            let message = format!("run {run_id} has no archive to verify: {why}");
            Err(ApiError::invalid(message))
        };
        match run.state {
            RunState::Succeeded => {}
            RunState::Running | RunState::Verifying => return refused("it is still going on"),
            _ if may_have_its_name(&run) => {}
            _ => return refused("it did not succeed"),
        }
        let parts = &self.shared.parts;
        let name = ObjectName::new(run.object.clone())
            .map_err(|_| ApiError::internal("the receipt names no object"))?;
        let before = self.stored_before(&run).await;
        let found = match Found::read(parts.objects.as_ref(), &name).await {
            Ok(found) => Some(found.map_err(|error| {
                tracing::warn!(?error, "an archive could not be read to its end");
                ApiError::unavailable("the archive could not be read to its end: try again")
            })?),
            Err(ObjectError::NotFound { .. }) => None,
            Err(error) => return Err(unreadable(&error)),
        };
        let is_its_own = found.as_ref().is_some_and(|found| found.is_of(&run));
        if run.state != RunState::Succeeded && !is_its_own {
            return refused("it did not succeed, and its archive does not stand under its name");
        }
        let later = match &found {
            Some(found) if !is_its_own => self.later(&run, found).await?,
            _ => None,
        };
        // What a run has put there meanwhile says nothing of those before it.
        let meanwhile = |later: &ArchiveRun| before.iter().all(|run| run.run_id != later.run_id);
        if let (Some(found), false) = (&found, later.as_ref().is_some_and(meanwhile)) {
            self.remember(&before, found).await;
        }
        self.shared.guarded.outdate();
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
                orders: found.tally.lines,
                bytes: found.tally.bytes,
                crc32c: found.tally.checksum(),
                generation: found.generation,
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
                let json = whole.await.map_err(|error| {
                    tracing::warn!(?error, "a receipt could not be read to its end");
                    ApiError::unavailable(format!(
                        "the receipt of run {shown} could not be read to its end: try again"
                    ))
                })?;
                let run = serde_json::from_slice::<ArchiveRun>(&json).ok();
                run.filter(|run| run.run_id == run_id).ok_or_else(|| {
                    ApiError::internal(format!("the receipt of run {shown} is damaged"))
                })
            }
            (Err(_), Err(error)) => Err(log_failed(&error)),
            (Err(ObjectError::NotFound { .. }), Ok(_)) => Err(unknown()),
            (Err(error), Ok(_)) => Err(unreadable(&error)),
        }
    }

    /// The later run whose archive has these figures under the same name.
    async fn later(&self, run: &ArchiveRun, found: &Found) -> Result<Option<ArchiveRun>, ApiError> {
        let runs = self.shared.parts.log.of_month(run.month, RUNS).await;
        let runs = runs.map_err(|error| log_failed(&error))?;
        Ok(runs.into_iter().find(|later| {
            later.object == run.object
                && later.run_id != run.run_id
                && later.started_at >= run.started_at
                && found.is_of(later)
        }))
    }

    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, ApiError> {
        let runs = self.shared.parts.log.newest(limit).await;
        runs.map_err(|error| log_failed(&error))
    }
}

/// Whether the run, which did not succeed, had written an archive that may stand under its name all
/// the same: the store did not say so, or the receipt could not be written.
fn may_have_its_name(run: &ArchiveRun) -> bool {
    run.crc32c.is_some() && run.verified_at.is_none()
}

fn unreadable(error: &ObjectError) -> ApiError {
    tracing::warn!(?error, "an archive could not be read");
    ApiError::unavailable(format!(
        "the archive could not be read: {}",
        error.for_people()
    ))
}

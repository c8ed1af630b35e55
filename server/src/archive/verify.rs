//! An archive against its receipt, long after its run.

use std::collections::HashSet;

use app::api::ApiError;
use app::model::number::grouped;
use app::model::{ArchiveFigures, ArchiveRun, LastCheck, RunState, VerifyOutcome, VerifyReport};

use super::errors::unknown_runs;
use super::job::ArchiveJob;
use super::parts::ArchiveParts;
use super::receipt::{find, has_figures};
use crate::objects::{Digest, ObjectName};

impl ArchiveJob {
    /// The runs whose objects should be there, newest first: those that have succeeded. Of an
    /// earlier version only the newest of a well-known path counts, as it replaced the others.
    pub async fn verifiable(&self) -> Result<Vec<ArchiveRun>, ApiError> {
        let runs = self.shared.parts.log.newest(u32::MAX).await;
        let mut runs = runs.map_err(unknown_runs)?;
        let mut paths = HashSet::new();
        runs.retain(|run| {
            run.state == RunState::Succeeded
                && (paths.insert(run.object.clone()) || run.stored_as.is_some())
        });
        Ok(runs)
    }

    /// Reads the run's object back and compares it with the receipt, however long it takes; see
    /// [`app::ports::Archive::verify`].
    pub async fn verify_run(&self, run_id: &str) -> Result<VerifyReport, ApiError> {
        let parts = &self.shared.parts;
        let run = find(parts, run_id).await?;
        if run.state != RunState::Succeeded {
            let why = match run.state.is_active() {
                true => "it is still going on",
                false => "it did not succeed",
            };
            let message = format!("run {run_id} has no archive to verify: {why}");
            return Err(ApiError::invalid(message));
        }
        let object = run.stored_as.clone().unwrap_or_else(|| run.object.clone());
        let name = ObjectName::new(&object)
            .map_err(|_| ApiError::internal("the receipt names no object"))?;
        let found = Digest::of(parts.objects.as_ref(), &name).await;
        let found = found.map_err(|error| {
            tracing::warn!(?error, "an archive could not be read");
            ApiError::unavailable(format!("the archive could not be read: {error}"))
        })?;
        let (outcome, message) = compare(&run, found.as_ref().map(|(digest, _)| digest));
        let checked_at = self.shared.now();
        remember(
            parts,
            run_id,
            LastCheck {
                at: checked_at,
                outcome,
            },
        )
        .await;
        self.recent_guard.outdate();
        Ok(VerifyReport {
            run_id: run.run_id,
            object,
            location: parts.objects.location(&name),
            checked_at,
            outcome,
            expected: ArchiveFigures {
                orders: run.orders,
                bytes: run.bytes,
                crc32c: run.crc32c.unwrap_or_default(),
                generation: run.generation,
            },
            found: found.map(|(digest, generation)| ArchiveFigures {
                orders: digest.lines,
                bytes: digest.bytes,
                crc32c: digest.checksum(),
                generation: Some(generation),
            }),
            message,
        })
    }
}

/// Notes the outcome in the run log. Without the run log nothing depends on it.
async fn remember(parts: &ArchiveParts, run_id: &str, check: LastCheck) {
    let remembered = async {
        // Read again: it may have been published meanwhile.
        let Some(mut run) = parts.log.find(run_id).await? else {
            return Ok(());
        };
        run.last_check = Some(check);
        parts.log.record(&run).await
    };
    if let Err(error) = remembered.await {
        tracing::warn!(?error, run = run_id, "a verification could not be recorded");
    }
}

/// The outcome, in words with the figure that differs.
fn compare(run: &ArchiveRun, found: Option<&Digest>) -> (VerifyOutcome, String) {
    let advice = match run.stored_as {
        Some(_) => "restore it from a copy, or archive the month again",
        None => {
            "it was archived by an earlier version, which let a later run of the month replace it"
        }
    };
    let Some(found) = found else {
        let message = format!("the archive is not there any more: {advice}");
        return (VerifyOutcome::Missing, message);
    };
    if has_figures(run, found) {
        return (
            VerifyOutcome::Intact,
            format!("the archive is what was stored: {found}"),
        );
    }
    if found.bytes < run.bytes {
        let (found, expected) = (grouped(found.bytes), grouped(run.bytes));
        let message =
            format!("the archive is truncated: {found} bytes instead of {expected}; {advice}");
        return (VerifyOutcome::Truncated, message);
    }
    let expected = match (found.lines, found.bytes) == (run.orders, run.bytes) {
        true => format!("CRC32C {}", run.crc32c.as_deref().unwrap_or("unknown")),
        false => format!(
            "{} lines, {} bytes",
            grouped(run.orders),
            grouped(run.bytes)
        ),
    };
    let message = format!("the archive is changed: {found} instead of {expected}; {advice}");
    (VerifyOutcome::Changed, message)
}

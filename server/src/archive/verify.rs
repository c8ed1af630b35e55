//! An archive against its receipt, long after its run.

use app::api::ApiError;
use app::model::number::grouped;
use app::model::{ArchiveFigures, ArchiveRun, LastCheck, RunState, VerifyOutcome, VerifyReport};

use super::errors::unknown_runs;
use super::job::ArchiveJob;
use super::names;
use super::parts::ArchiveParts;
use super::receipt::{archived, has_figures};
use crate::objects::Digest;

impl ArchiveJob {
    /// The runs whose objects should be there, newest first: those that have succeeded.
    pub async fn verifiable(&self) -> Result<Vec<ArchiveRun>, ApiError> {
        let runs = self.shared.parts.log.newest(u32::MAX).await;
        let mut runs = runs.map_err(unknown_runs)?;
        runs.retain(|run| run.state == RunState::Succeeded && run.stored_as.is_some());
        Ok(runs)
    }

    /// Reads the run's object back and compares it with the receipt, however long it takes; see
    /// [`app::ports::Archive::verify`].
    pub async fn verify_run(&self, run_id: &str) -> Result<VerifyReport, ApiError> {
        let parts = &self.shared.parts;
        let run = archived(parts, run_id).await?;
        let name = names::own(run_id).map_err(|_| ApiError::internal("the run has no name"))?;
        let found = Digest::of(parts.objects.as_ref(), &name).await;
        let found = found.map_err(|error| {
            tracing::warn!(?error, "an archive could not be read");
            ApiError::unavailable(format!("the archive could not be read: {error}"))
        })?;
        let (outcome, message) = compare(&run, found.as_ref().map(|(digest, _)| digest));
        let checked_at = self.shared.now();
        let at = checked_at;
        remember(parts, run_id, LastCheck { at, outcome }).await;
        self.recent_guard.outdate();
        Ok(VerifyReport {
            run_id: run.run_id,
            object: name.to_string(),
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
    let Some(found) = found else {
        let message = "the archive is not there any more: restore it from a copy, or archive the \
                       month again";
        return (VerifyOutcome::Missing, message.to_owned());
    };
    if has_figures(run, found) {
        let message = format!("the archive is what was stored: {found}");
        return (VerifyOutcome::Intact, message);
    }
    let (outcome, word) = match found.bytes < run.bytes {
        true => (VerifyOutcome::Truncated, "truncated"),
        false => (VerifyOutcome::Changed, "changed"),
    };
    let (orders, bytes) = (grouped(run.orders), grouped(run.bytes));
    let crc32c = run.crc32c.as_deref().unwrap_or("unknown");
    let message = format!(
        "the archive is {word}: {found} instead of {orders} lines, {bytes} bytes, CRC32C {crc32c}; \
         restore it from a copy, or archive the month again"
    );
    (outcome, message)
}

//! What reading back has shown, for the guard, which sees no more than an object's length.

use app::model::{ArchiveRun, RunState, Timestamp};

use super::RUNS;
use crate::archive::Found;
use crate::archive::job::ArchiveJob;
use crate::store::StoreError;

impl ArchiveJob {
    /// Records of the newest run whose archive is as long as what was `found`, and was verified by
    /// `began`, that it is changed; or of all that they are not, where it is the archive of one. What
    /// fails is only in the log: whoever asks has their answer.
    pub(super) async fn remember(&self, run: &ArchiveRun, found: &Found, began: Timestamp) {
        if let Err(error) = self.record(run, found, began).await {
            tracing::warn!(
                ?error,
                run = run.run_id,
                "what reading an archive back has shown could not be recorded"
            );
        }
    }

    async fn record(
        &self,
        run: &ArchiveRun,
        found: &Found,
        began: Timestamp,
    ) -> Result<(), StoreError> {
        let log = &self.shared.parts.log;
        let mut alike = log.of_month(run.month, RUNS).await?;
        alike.retain(|other| {
            other.state == RunState::Succeeded
                && other.object == run.object
                && other.bytes == found.tally.bytes
                && other.verified_at.is_some_and(|at| at <= began)
        });
        let damaged_at = if alike.iter().any(|run| found.tally.is_of(run)) {
            alike.retain(|run| run.damaged_at.is_some());
            None
        } else {
            alike.truncate(1);
            alike.retain(|run| run.damaged_at.is_none());
            Some(began)
        };
        for run in &mut alike {
            run.damaged_at = damaged_at;
            log.record(run).await?;
        }
        Ok(())
    }
}

//! What reading back has shown, for the guard: of a file it sees no more than its length.

use std::time::Duration;

use app::model::{ArchiveRun, RunState, Timestamp};
use tokio::time::timeout;

use super::RUNS;
use crate::archive::job::ArchiveJob;
use crate::archive::{Found, Tally};

/// Whoever has an archive read back does not wait longer for the record of runs.
const WITHIN: Duration = Duration::from_secs(2);

impl ArchiveJob {
    /// The runs that have stored an archive under the name of this one's, newest first; none where the
    /// record does not tell soon. Asked before the object is opened: what is read says nothing of a run
    /// that succeeds later.
    pub(super) async fn stored_before(&self, run: &ArchiveRun) -> Vec<ArchiveRun> {
        let asking = self.shared.parts.log.of_month(run.month, RUNS);
        let mut runs = match timeout(WITHIN, asking).await {
            Ok(Ok(runs)) => runs,
            untold => {
                tracing::warn!(?untold, "what is read back is not going to be recorded");
                return Vec::new();
            }
        };
        runs.retain(|other| other.state == RunState::Succeeded && other.object == run.object);
        runs
    }

    /// Records which of these runs' archives are changed, and which are not, by what was found under
    /// their name. That goes on where it takes long, and what fails is in the log.
    pub(super) async fn remember(&self, runs: &[ArchiveRun], found: &Found) {
        let seen = seen(runs, &found.tally, self.shared.now());
        let log = self.shared.parts.log.clone();
        let recording = self.tasks.spawn(async move {
            for run in &seen {
                if let Err(error) = log.record(run).await {
                    tracing::warn!(
                        ?error,
                        run = run.run_id,
                        "what was read back could not be recorded"
                    );
                }
            }
        });
        _ = timeout(WITHIN, recording).await;
    }
}

/// The runs, which are newest first, of which something else is known now. Those whose archive is as
/// long as what was found count by their length: none must that is newer than the one it is of.
fn seen(runs: &[ArchiveRun], found: &Tally, now: Timestamp) -> Vec<ArchiveRun> {
    let alike = || runs.iter().filter(|run| run.bytes == found.bytes);
    let newer = alike().take_while(|run| !found.is_of(run));
    let changed = newer.filter(|run| run.damaged_at.is_none());
    let whole = alike().filter(|run| found.is_of(run) && run.damaged_at.is_some());
    let damaged = changed.map(|run| (run, Some(now)));
    let healed = whole.map(|run| (run, None));
    let anew = damaged.chain(healed).map(|(run, damaged_at)| ArchiveRun {
        damaged_at,
        ..run.clone()
    });
    anew.collect()
}

//! Runs whose process ended before they did: a receipt means succeeded, none means interrupted.

use app::model::{ArchiveRun, RunState};

use super::errors::ArchiveError;
use super::parts::Shared;
use super::{publish, receipt};
use crate::store::StoreError;

/// Among this many newest runs are those that an earlier process has left unfinished.
const UNFINISHED: u32 = 100;

/// Decides unfinished runs if no run is going on.
pub async fn recover_alone(shared: &Shared) -> Result<(), StoreError> {
    let cancel = &shared.parts.cancel;
    let leases = &shared.parts.leases;
    let recovered = leases.hold_during(cancel, recover(shared, None)).await?;
    recovered.unwrap_or(Ok(()))
}

/// Decides all unfinished runs but `own`. Runs about which the object store does not answer are
/// left. Only for the holder of the lease.
pub async fn recover(shared: &Shared, own: Option<&str>) -> Result<(), StoreError> {
    let runs = shared.parts.log.newest(UNFINISHED).await?;
    let is_left = |run: &ArchiveRun| run.state.is_active() && Some(run.run_id.as_str()) != own;
    // Oldest first, so that the newest is published last.
    for run in runs.into_iter().rev().filter(is_left) {
        let run_id = run.run_id.clone();
        match decide(shared, run).await {
            Ok(run) => {
                shared.parts.log.record(&run).await?;
                shared.show_again(&run);
            }
            Err(error) => {
                tracing::warn!(?error, run = run_id, "an unfinished run is decided later");
            }
        }
    }
    Ok(())
}

async fn decide(shared: &Shared, mut run: ArchiveRun) -> Result<ArchiveRun, ArchiveError> {
    if let Some(mut run) = receipt::read(&shared.parts, &run.run_id).await? {
        publish::publish_again(&shared.parts, &mut run).await;
        return Ok(run);
    }
    run.state = RunState::Interrupted;
    run.finished_at = Some(shared.now());
    run.verified_at = None;
    run.error = Some(ArchiveError::Cancelled.to_string());
    Ok(run)
}

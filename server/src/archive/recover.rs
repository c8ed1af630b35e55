//! Runs whose process ended before they did: a receipt means succeeded, none means interrupted.

use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use tokio::time::sleep;
use ulid::Ulid;

use super::errors::ArchiveError;
use super::lease::Taken;
use super::parts::Shared;
use super::{publish, receipt};
use crate::store::StoreError;

/// Among this many newest runs are those that an earlier process has left unfinished.
const UNFINISHED: u32 = 100;
/// The pause while another run is going on or a store does not answer: at first, and later.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Decides unfinished runs, again and again until none is left.
pub async fn recover_all(shared: &Shared) {
    let cancel = &shared.parts.cancel;
    let (mut warned, mut pause) = (false, FIRST_PAUSE);
    loop {
        match recover_once(shared).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) if !warned => {
                tracing::warn!(?error, "unfinished archive runs are looked for later");
                warned = true;
            }
            Err(_) => {}
        }
        if cancel.run_until_cancelled(sleep(pause)).await.is_none() {
            return;
        }
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

/// Decides unfinished runs if no run is going on; whether none but this process's own is left.
pub async fn recover_once(shared: &Shared) -> Result<bool, StoreError> {
    let parts = &shared.parts;
    let own = shared
        .shown
        .borrow()
        .as_ref()
        .filter(|run| run.state.is_active())
        .map(|run| run.run_id.clone());
    let runs = parts.log.newest(UNFINISHED).await?;
    if !runs.iter().any(|run| is_left(run, own.as_deref())) {
        return Ok(true);
    }
    match parts.leases.take(&Ulid::new().to_string()).await? {
        Taken::Busy(_) => Ok(false),
        Taken::Held(hold) => {
            let recovered = tokio::select! {
                biased;
                recovered = recover(shared, None) => recovered,
                () = hold.keep() => Ok(false),
                () = parts.cancel.cancelled() => Ok(false),
            };
            hold.release().await;
            recovered
        }
    }
}

/// Decides all unfinished runs but `own`; whether none is left. Runs about which the object store
/// does not answer are left. Only for the holder of the lease.
pub async fn recover(shared: &Shared, own: Option<&str>) -> Result<bool, StoreError> {
    let mut none_left = true;
    let runs = shared.parts.log.newest(UNFINISHED).await?;
    // Oldest first, so that the newest is published last.
    for run in runs.into_iter().rev().filter(|run| is_left(run, own)) {
        let run_id = run.run_id.clone();
        match decide(shared, run).await {
            Ok(run) => {
                shared.parts.log.record(&run).await?;
                shared.show_again(&run);
            }
            Err(error) => {
                tracing::warn!(?error, run = run_id, "an unfinished run is decided later");
                none_left = false;
            }
        }
    }
    Ok(none_left)
}

fn is_left(run: &ArchiveRun, own: Option<&str>) -> bool {
    run.state.is_active() && Some(run.run_id.as_str()) != own
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

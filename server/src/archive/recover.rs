//! What becomes of runs whose process has ended before they did.

use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use tokio::time::{sleep, timeout};
use ulid::Ulid;

use super::job::{ArchiveJob, Shared, UNFINISHED};
use super::lease::Taken;
use super::target::{self, Target};
use super::{Found, ObjectName, publish, run, words};
use crate::store::StoreError;

/// A start waits no longer for the first look.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// While a run is going on elsewhere, or the record of runs does not answer.
const BETWEEN: Duration = Duration::from_secs(5);

impl ArchiveJob {
    /// Looks for unfinished runs, and goes on in the background for as long as there may be some.
    pub(super) async fn recover_at_start(&self) {
        let job = self.clone();
        let first = self.tasks.spawn(async move { job.recover_once().await });
        match timeout(FIRST_LOOK, first).await {
            Ok(Ok(Ok(true))) => {}
            _ => self.recover_soon(),
        }
    }

    /// Sees to unfinished runs in the background, until there is none left.
    pub(super) fn recover_soon(&self) {
        let job = self.clone();
        let Ok(alone) = self.recovering.clone().try_lock_owned() else {
            return;
        };
        self.tasks.spawn(async move {
            let _alone = alone;
            let cancel = &job.shared.parts.cancel;
            let mut silent = false;
            loop {
                match job.recover_once().await {
                    Ok(true) => return,
                    Ok(false) => {}
                    Err(error) if !silent => {
                        tracing::warn!(?error, "unfinished archive runs are looked for later");
                        silent = true;
                    }
                    Err(_) => {}
                }
                if cancel.run_until_cancelled(sleep(BETWEEN)).await.is_none() {
                    return;
                }
            }
        });
    }

    /// Whether no unfinished run is left but this process's own.
    async fn recover_once(&self) -> Result<bool, StoreError> {
        let parts = &self.shared.parts;
        let own = self.under_way().map(|run| run.run_id);
        let runs = parts.log.newest(UNFINISHED).await?;
        let unfinished =
            |run: &ArchiveRun| run.state.is_active() && Some(&run.run_id) != own.as_ref();
        if !runs.iter().any(unfinished) {
            return Ok(true);
        }
        // Whoever holds the lease is not dead, and nobody begins meanwhile.
        match parts.leases.take(&Ulid::new().to_string()).await? {
            Taken::Busy(_) => Ok(false),
            Taken::Held(hold) => {
                // An archive is read back, which may take longer than a lease lasts.
                let recovered = tokio::select! {
                    biased;
                    recovered = recover(&self.shared, None) => recovered.map(|()| true),
                    () = hold.keep() => Ok(false),
                    () = parts.cancel.cancelled() => Ok(false),
                };
                hold.release().await;
                recovered
            }
        }
    }
}

/// Ends all runs that are recorded as going on, but `own`. Only for whoever holds the lease.
pub(super) async fn recover(shared: &Shared, own: Option<&str>) -> Result<(), StoreError> {
    let runs = shared.parts.log.newest(UNFINISHED).await?;
    for (index, found) in runs.iter().enumerate().rev() {
        if !found.state.is_active() || Some(found.run_id.as_str()) == own {
            continue;
        }
        let newest = !runs[..index]
            .iter()
            .any(|run| run.state == RunState::Succeeded);
        let ended = end(shared, found.clone(), newest).await;
        shared.parts.log.record(&ended).await?;
    }
    sweep(shared, &runs).await;
    Ok(())
}

/// Removes the own objects of ended runs that could not do so themselves, since the store did not
/// answer any more. Those before the last success are gone: it began with this.
async fn sweep(shared: &Shared, runs: &[ArchiveRun]) {
    let succeeded = |run: &ArchiveRun| run.state == RunState::Succeeded;
    let since = runs
        .iter()
        .position(succeeded)
        .map_or(runs.len(), |last| last + 1);
    for run in runs[..since].iter().filter(|run| !run.state.is_active()) {
        let Ok(own) = target::own(&run.run_id) else {
            continue;
        };
        if !run::delete(shared, &own).await {
            return;
        }
    }
}

/// A run whose archive has got its name, and only its receipt is missing, is finished; any other
/// is interrupted. Its own object is removed.
async fn end(shared: &Shared, mut run: ArchiveRun, newest: bool) -> ArchiveRun {
    run.finished_at = Some(shared.now());
    let started = run.started_at.utc();
    let target = Target::new(&shared.parts.calendar, run.month, started, &run.run_id);
    if let Ok(target) = target {
        run::delete(shared, &target.own).await;
        let found = match newest {
            true => has_its_name(shared, &run, &target.object).await,
            false => None,
        };
        if let Some(found) = found {
            run.generation = found.generation;
            let told = publish::tell(shared, &mut run, &target).await;
            if told.is_ok() {
                return run;
            }
        }
        run::delete(shared, &target.manifest).await;
    }
    run.state = RunState::Interrupted;
    run.verified_at = None;
    run.error = Some(words::INTERRUPTED.to_owned());
    run
}

/// What stands under the name, if it is what the run has verified.
async fn has_its_name(shared: &Shared, run: &ArchiveRun, object: &ObjectName) -> Option<Found> {
    if run.verified_at.is_none() || run.object != object.as_str() {
        return None;
    }
    let found = Found::read(shared.parts.objects.as_ref(), object).await;
    let found = found.ok()?.ok()?;
    found.is_of(run).then_some(found)
}

//! What becomes of runs whose process has ended before they did.

use std::error::Error;
use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use futures::stream::{self, StreamExt};
use tokio::time::{sleep, timeout};
use ulid::Ulid;

use super::job::{ArchiveJob, Shared, UNFINISHED};
use super::lease::Taken;
use super::target::{self, Target};
use super::{Found, ObjectError, ObjectName, publish, run, words};
use crate::store::StoreError;

/// A start waits no longer for the first look.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// While a run is going on elsewhere, or a store does not answer: at first, and later.
const BETWEEN: Duration = Duration::from_secs(5);
const AT_MOST: Duration = Duration::from_secs(60);
/// Behind so many newest runs, or behind the third that has succeeded, nothing is left any more.
const SWEPT: usize = 20;
const AT_ONCE: usize = 8;

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
            let mut pause = BETWEEN;
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
                if cancel.run_until_cancelled(sleep(pause)).await.is_none() {
                    return;
                }
                pause = (2 * pause).min(AT_MOST);
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
                    recovered = recover(&self.shared, None) => recovered,
                    () = hold.keep() => Ok(false),
                    () = parts.cancel.cancelled() => Ok(false),
                };
                hold.release().await;
                recovered
            }
        }
    }
}

/// Ends all runs that are recorded as going on, but `own`; whether none is left. Those stay about
/// which the object store does not answer. Only for whoever holds the lease.
pub(super) async fn recover(shared: &Shared, own: Option<&str>) -> Result<bool, StoreError> {
    let runs = shared.parts.log.newest(UNFINISHED).await?;
    let mut none_left = true;
    for (index, found) in runs.iter().enumerate().rev() {
        if !found.state.is_active() || Some(found.run_id.as_str()) == own {
            continue;
        }
        let newest = !runs[..index]
            .iter()
            .any(|run| run.state == RunState::Succeeded);
        let ended = match shared.ended(&found.run_id) {
            Some(ended) => Some(ended),
            None => end(shared, found.clone(), newest).await,
        };
        let Some(ended) = ended else {
            none_left = false;
            continue;
        };
        shared.parts.log.record(&ended).await?;
        shared.show_again(&ended);
    }
    sweep(shared, &runs).await;
    Ok(none_left)
}

/// A run whose archive has got its name, and only its receipt is missing, is finished; any other
/// is interrupted. Its own object is removed. `None` where the object store does not answer.
async fn end(shared: &Shared, mut run: ArchiveRun, newest: bool) -> Option<ArchiveRun> {
    run.finished_at = Some(shared.now());
    let started = run.started_at.utc();
    let target = Target::new(&shared.parts.calendar, run.month, started, &run.run_id);
    if let Ok(target) = target {
        // As long as it is there, a process that was only held up can still give it the name.
        if !run::delete(shared, &target.own).await {
            return None;
        }
        let found = match newest {
            true => has_its_name(shared, &run, &target.object).await.ok()?,
            false => None,
        };
        if let Some(found) = found {
            run.generation = found.generation;
            let told = publish::tell(shared, &mut run, &target, true).await;
            return told.is_ok().then_some(run);
        }
        if !run::delete(shared, &target.manifest).await {
            return None;
        }
    }
    run.state = RunState::Interrupted;
    run.verified_at = None;
    run.error = Some(words::INTERRUPTED.to_owned());
    Some(run)
}

/// What stands under the name, if it is what the run has verified. An error where the object store
/// does not tell; it is in the log then.
async fn has_its_name(
    shared: &Shared,
    run: &ArchiveRun,
    object: &ObjectName,
) -> Result<Option<Found>, ()> {
    if run.verified_at.is_none() || run.object != object.as_str() {
        return Ok(None);
    }
    let broken: Box<dyn Error> = match Found::read(shared.parts.objects.as_ref(), object).await {
        Ok(Ok(found)) => return Ok(found.is_of(run).then_some(found)),
        Err(ObjectError::NotFound { .. }) => return Ok(None),
        Ok(Err(error)) => error.into(),
        Err(error) => error.into(),
    };
    tracing::warn!(
        ?broken,
        run = run.run_id,
        "an unfinished run is seen to later"
    );
    Err(())
}

/// Removes what the newest runs could not remove themselves, since the store did not answer any
/// more: their own objects, and the manifests of those that did not succeed.
async fn sweep(shared: &Shared, runs: &[ArchiveRun]) {
    let succeeded = |run: &ArchiveRun| run.state == RunState::Succeeded;
    let third = runs.iter().enumerate().filter(|(_, run)| succeeded(run));
    let end = third.map(|(index, _)| index + 1).nth(2);
    let ended = runs[..end.unwrap_or(runs.len())].iter();
    let ended = ended.filter(|run| !run.state.is_active()).take(SWEPT);
    let names = ended.flat_map(|run| {
        let manifest = (!succeeded(run)).then(|| target::manifest(&run.run_id));
        let names = [Some(target::own(&run.run_id)), manifest];
        names.into_iter().flatten().flatten()
    });
    let deleted = stream::iter(names).for_each_concurrent(AT_ONCE, |name| async move {
        run::delete(shared, &name).await;
    });
    // What is left is tried again by the next run.
    let _ = timeout(run::GRACE, deleted).await;
}

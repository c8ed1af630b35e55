//! One run, from its first line to its receipt.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use futures::{FutureExt, TryFutureExt};
use tokio::time::timeout;

use super::job::Shared;
use super::lease::Hold;
use super::publish::{Verified, publish};
use super::recover::recover;
use super::supersede::supersede;
use super::target::Target;
use super::words::{self, Ended};
use super::write::write;
use super::{ObjectName, Tally};

/// How long a step that should not be torn apart may go on after the cancellation.
pub const GRACE: Duration = Duration::from_secs(3);

/// How often progress is recorded, for those who look at it from another process.
const RECORDED_EVERY: Duration = Duration::from_secs(1);

/// Carries out the run that `shared` shows as the current one, and leaves it there ended. Whether it
/// is recorded as ended, too; if not, that is left to `recover`.
pub async fn run(shared: Arc<Shared>, hold: Hold, mut run: ArchiveRun, target: Target) -> bool {
    let outcome = {
        let steps = AssertUnwindSafe(steps(&shared, &hold, &mut run, &target)).catch_unwind();
        tokio::select! {
            biased;
            outcome = steps => outcome.unwrap_or_else(|_| Err(words::fault())),
            () = hold.keep() => Err(Ended::Lost),
            () = record_progress(&shared) => Err(words::fault()),
        }
    };
    let lost = matches!(outcome, Err(Ended::Lost));
    match outcome {
        Ok(()) => {}
        Err(ended) => {
            let cut_off = run.verified_at.is_some() && ended.comes_from_outside();
            run.finished_at = Some(shared.now());
            (run.state, run.error) = ended.state_and_words();
            // What was verified does not stand where the run promised it: that proves nothing.
            run.verified_at = None;
            delete(&shared, &target.own).await;
            if cut_off {
                // As after a kill: the archive may have got its name all the same, and others may be
                // about to see to it.
                if !lost {
                    run.error = Some(words::CUT_OFF.to_owned());
                }
                hold.release().await;
                shared.show(&run);
                return false;
            }
        }
    }
    if let Some(ended) = ended_by_others(&shared, &run, lost).await {
        shared.show(&ended);
        return true;
    }
    if run.state != RunState::Succeeded && run.generation.is_some() {
        // It may have been cut off between its manifest, which says that it succeeded, and the end.
        delete(&shared, &target.manifest).await;
    }
    // First the record, so that whoever waits for the end finds it there.
    let recorded = shared.parts.log.record(&run).await;
    if let Err(error) = &recorded {
        tracing::error!(
            ?error,
            run = run.run_id,
            "an archive run could not be recorded"
        );
    }
    hold.release().await;
    shared.guarded.outdate();
    shared.show(&run);
    recorded.is_ok()
}

/// What the next holder of the lease has made of a run that has lost it.
async fn ended_by_others(shared: &Shared, run: &ArchiveRun, lost: bool) -> Option<ArchiveRun> {
    if !lost {
        return None;
    }
    let found = shared.parts.log.find(&run.run_id).await.ok().flatten();
    found.filter(|found| !found.state.is_active())
}

async fn steps(
    shared: &Shared,
    hold: &Hold,
    run: &mut ArchiveRun,
    target: &Target,
) -> Result<(), Ended> {
    record(shared, run).await?;
    let recovered = recover(shared, Some(&run.run_id)).map_err(|error| words::log(&error));
    unless_cancelled(shared, Duration::ZERO, recovered).await?;
    let (written, generation) = write(shared, run, target).await?;

    run.state = RunState::Verifying;
    shared.show(run);
    tokio::try_join!(record(shared, run), verify(shared, target, written))?;
    // Last, so that hardly anything can come between the comparison and the new name.
    supersede(shared, hold, run, target).await?;
    run.verified_at = Some(shared.now());
    // Should the process end from here on, whoever finds the archive under its name knows by this
    // that it is the verified one.
    record(shared, run).await?;

    let verified = Verified {
        written,
        generation,
    };
    let publish = publish(shared, hold, run, target, verified);
    unless_cancelled(shared, GRACE, publish).await
}

/// Keeps the record up to date while orders are written; never returns.
async fn record_progress(shared: &Shared) {
    let mut recorded = 0;
    loop {
        tokio::time::sleep(RECORDED_EVERY).await;
        let shown = shared.shown.borrow().clone();
        let moved = |run: &ArchiveRun| run.state == RunState::Running && run.orders != recorded;
        if let Some(run) = shown.filter(moved) {
            recorded = run.orders;
            if let Err(error) = shared.parts.log.record(&run).await {
                tracing::warn!(?error, "an archive run's progress could not be recorded");
            }
        }
    }
}

async fn record(shared: &Shared, run: &ArchiveRun) -> Result<(), Ended> {
    let recorded = shared.parts.log.record(run).await;
    recorded.map_err(|error| words::log(&error))
}

/// Reads the run's own object back and compares.
async fn verify(shared: &Shared, target: &Target, written: Tally) -> Result<(), Ended> {
    let found = async {
        let counted = shared.parts.objects.count(&target.own).await;
        let counted = counted.map_err(|error| words::objects("read back", &error))?;
        counted.map_err(|error| words::reading(&error))
    };
    let found = unless_cancelled(shared, Duration::ZERO, found).await?;
    if found != written {
        return Err(words::mismatch(&written, &found));
    }
    Ok(())
}

/// Does `work`, which on cancellation has `grace` to come to its end.
pub async fn unless_cancelled<T>(
    shared: &Shared,
    grace: Duration,
    work: impl Future<Output = Result<T, Ended>>,
) -> Result<T, Ended> {
    let cancelled = async {
        shared.parts.cancel.cancelled().await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        biased;
        done = work => done,
        () = cancelled => Err(Ended::Cancelled),
    }
}

/// Removes a run's own object or its manifest, and does not try for long; whether it is gone.
pub async fn delete(shared: &Shared, name: &ObjectName) -> bool {
    let deleted = timeout(GRACE, shared.parts.objects.delete(name)).await;
    match &deleted {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(?error, "what a run has left could not be removed"),
        Err(_) => tracing::warn!(%name, "what a run has left could not be removed in time"),
    }
    matches!(deleted, Ok(Ok(())))
}

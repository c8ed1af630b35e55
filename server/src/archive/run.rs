//! One run: export, store, read back, receipt, publish.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use futures::{FutureExt, TryFutureExt};
use tokio::time::sleep;

use super::errors::{ArchiveError, UNDECIDED};
use super::export::{Exported, export};
use super::lease::Hold;
use super::parts::Shared;
use super::plan::orders_in;
use super::receipt::{self, has_figures};
use super::recover::recover;
use super::spool::Spool;
use super::{names, publish};
use crate::calendar::UtcWindow;
use crate::objects::{Digest, ObjectError, PutMode};

/// How long the receipt and the publication may go on after the cancellation.
const GRACE: Duration = Duration::from_secs(2);
/// How often progress is recorded, for other processes.
const RECORD_INTERVAL: Duration = Duration::from_secs(1);
const WHAT: &str = "the archive";

/// Carries out the run. Whether it is recorded how it ended; if not, `recover` decides.
pub async fn run(shared: &Shared, hold: &Hold, mut run: ArchiveRun, window: UtcWindow) -> bool {
    let outcome = {
        let steps = AssertUnwindSafe(steps(shared, hold, &mut run, window)).catch_unwind();
        tokio::select! {
            biased;
            outcome = steps => outcome.unwrap_or(Err(ArchiveError::Fault)),
            () = hold.keep() => Err(ArchiveError::LeaseLost),
            never = record_progress(shared) => match never {},
        }
    };
    // From the receipt on only the object store knows.
    let mut is_decided = true;
    if let Err(error) = outcome {
        if error.needs_log() {
            tracing::error!(?error, run = run.run_id, "an archive run ended early");
        }
        is_decided = run.verified_at.is_none();
        (run.state, run.error) = match is_decided {
            true => (error.state(), Some(error.to_string())),
            false => (RunState::Interrupted, Some(UNDECIDED.to_owned())),
        };
        run.verified_at = None;
        run.finished_at = Some(shared.now());
    }
    // The record first: those who wait for the end look for it there.
    if is_decided && let Err(error) = shared.parts.log.record(&run).await {
        tracing::error!(
            ?error,
            run = run.run_id,
            "an archive run could not be recorded"
        );
        is_decided = false;
    }
    hold.release().await;
    shared.show(&run);
    is_decided
}

async fn steps(
    shared: &Shared,
    hold: &Hold,
    run: &mut ArchiveRun,
    window: UtcWindow,
) -> Result<(), ArchiveError> {
    let now = Duration::ZERO;
    record(shared, run).await?;
    let recovered = recover(shared, Some(&run.run_id)).map_err(ArchiveError::Log);
    unless_cancelled(shared, now, recovered).await?;
    let spool = unless_cancelled(shared, now, export_month(shared, run, window)).await?;
    unless_cancelled(shared, now, store(shared, run, &spool)).await?;
    unless_cancelled(shared, now, verify(shared, run, &spool)).await?;

    run.verified_at = Some(shared.now());
    run.finished_at = run.verified_at;
    let finish = async {
        receipt::write(&shared.parts, run).await?;
        if !hold.is_certain().await {
            return Err(ArchiveError::LeaseLost);
        }
        publish::publish(&shared.parts, run, &spool).await;
        run.state = RunState::Succeeded;
        run.finished_at = Some(shared.now());
        Ok(())
    };
    unless_cancelled(shared, GRACE, finish).await
}

async fn record(shared: &Shared, run: &ArchiveRun) -> Result<(), ArchiveError> {
    let recorded = shared.parts.log.record(run).await;
    recorded.map_err(ArchiveError::Log)
}

/// Keeps the record up to date while orders are exported; never returns.
async fn record_progress(shared: &Shared) -> Infallible {
    let mut recorded = 0;
    loop {
        sleep(RECORD_INTERVAL).await;
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

async fn export_month(
    shared: &Shared,
    run: &mut ArchiveRun,
    window: UtcWindow,
) -> Result<Spool, ArchiveError> {
    let store = &shared.parts.store;
    // First: real orders that come in between make the archive no demonstration.
    let synthetic = store.is_demonstration().await;
    run.synthetic = synthetic.map_err(ArchiveError::Orders)?;
    // For the progress only.
    run.expected = orders_in(store.as_ref(), window).await.ok();
    let documents = store.documents(window).await;
    let documents = documents.map_err(ArchiveError::Orders)?;
    let exported = export(documents, &shared.parts.spool, |digest, unreadable| {
        (run.orders, run.bytes) = (digest.lines, digest.bytes);
        run.unreadable = unreadable.count;
        shared.show(run);
    });
    let Exported { spool, unreadable } = exported.await?;
    run.crc32c = Some(spool.digest().checksum());
    run.unreadable_first = unreadable.first;
    run.expected = Some(run.orders);
    shared.show(run);
    Ok(spool)
}

/// Stores the run's own object.
async fn store(shared: &Shared, run: &mut ArchiveRun, spool: &Spool) -> Result<(), ArchiveError> {
    let own = names::own(&run.run_id)?;
    let objects = &shared.parts.objects;
    match objects
        .put(&own, spool.content().await?, PutMode::Create)
        .await
    {
        // Nobody else writes this name: an answer was lost. Reading it back decides.
        Ok(_) | Err(ObjectError::AlreadyExists { .. }) => {}
        Err(error) => return Err(ArchiveError::object(WHAT, "stored")(error)),
    }
    run.stored_as = Some(own.to_string());
    run.state = RunState::Verifying;
    shared.show(run);
    record(shared, run).await
}

/// Reads the run's own object back and compares.
async fn verify(shared: &Shared, run: &mut ArchiveRun, spool: &Spool) -> Result<(), ArchiveError> {
    let own = names::own(&run.run_id)?;
    let found = Digest::of(shared.parts.objects.as_ref(), &own).await;
    match found.map_err(ArchiveError::object(WHAT, "read back"))? {
        Some((found, generation)) if has_figures(run, &found) => {
            run.generation = Some(generation);
            Ok(())
        }
        found => Err(ArchiveError::Mismatch {
            exported: spool.digest(),
            found: found.unwrap_or_default().0,
        }),
    }
}

/// Does `work`, which on cancellation has `grace` to come to its end.
async fn unless_cancelled<T>(
    shared: &Shared,
    grace: Duration,
    work: impl Future<Output = Result<T, ArchiveError>>,
) -> Result<T, ArchiveError> {
    let cancelled = async {
        shared.parts.cancel.cancelled().await;
        sleep(grace).await;
    };
    tokio::select! {
        biased;
        () = cancelled => Err(ArchiveError::Cancelled),
        done = work => done,
    }
}

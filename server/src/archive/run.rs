//! One run, from its first line to its receipt.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use axum::body::Bytes;
use futures::stream::{self, StreamExt};
use futures::{FutureExt, TryFutureExt};

use super::export::{Counter, json_lines};
use super::job::Shared;
use super::receipt::RunInfo;
use super::target::Target;
use super::words::{self, Ended};
use super::{ByteStream, Label, ObjectName, Tally};

/// How long a step that should not be torn apart may go on after the cancellation.
const GRACE: Duration = Duration::from_secs(3);

/// Carries out the run that `shared` shows as the current one, and leaves it there ended.
pub async fn run(shared: Arc<Shared>, mut run: ArchiveRun, target: Target) {
    let steps = AssertUnwindSafe(steps(&shared, &mut run, &target)).catch_unwind();
    let outcome = steps.await.unwrap_or_else(|_| Err(words::fault()));
    run.finished_at = Some(shared.now());
    match outcome {
        Ok(()) => run.state = RunState::Succeeded,
        Err(ended) => {
            (run.state, run.error) = match ended {
                Ended::Failed(words) => (RunState::Failed, Some(words)),
                Ended::Cancelled => (RunState::Interrupted, Some(words::INTERRUPTED.to_owned())),
            };
            // What was verified does not stand where the run promised it: that proves nothing.
            run.verified_at = None;
            delete(&shared, &target.own).await;
        }
    }
    // First the record, so that whoever waits for the end finds it there.
    if let Err(error) = shared.parts.log.record(&run).await {
        tracing::error!(
            ?error,
            run = run.run_id,
            "an archive run could not be recorded"
        );
    }
    shared.show(&run);
}

async fn steps(shared: &Shared, run: &mut ArchiveRun, target: &Target) -> Result<(), Ended> {
    record(shared, run).await?;
    let (written, generation) = write(shared, run, target).await?;

    run.state = RunState::Verifying;
    shared.show(run);
    record(shared, run).await?;
    verify(shared, target, written).await?;
    run.verified_at = Some(shared.now());

    let publish = publish(shared, run, target, written, generation);
    unless_cancelled(shared, GRACE, publish).await
}

async fn record(shared: &Shared, run: &ArchiveRun) -> Result<(), Ended> {
    let recorded = shared.parts.log.record(run).await;
    recorded.map_err(|error| words::log(&error))
}

/// Writes the run's own object; gives what was written, and its generation.
async fn write(
    shared: &Shared,
    run: &mut ArchiveRun,
    target: &Target,
) -> Result<(Tally, i64), Ended> {
    let documents = shared
        .parts
        .store
        .documents(target.window)
        .map_err(|error| words::store(&error));
    let documents = unless_cancelled(shared, Duration::ZERO, documents).await?;
    let counter = Counter::default();
    let (shown, running) = (shared.shown.clone(), run.clone());
    let lines = json_lines(
        documents,
        counter.clone(),
        shared.parts.cancel.clone(),
        move |exported| {
            shown.send_replace(Some(ArchiveRun {
                orders: exported.tally.lines,
                bytes: exported.tally.bytes,
                unreadable: exported.unreadable,
                ..running.clone()
            }));
        },
    );
    // The lines end with an error when cancelled, which lets the object store clean up by itself.
    let write = shared.parts.objects.write(&target.own, lines).map(Ok);
    let stored = unless_cancelled(shared, GRACE, write).await?;

    let mut exported = counter.lock();
    run.orders = exported.tally.lines;
    run.bytes = exported.tally.bytes;
    run.unreadable = exported.unreadable;
    if shared.parts.cancel.is_cancelled() {
        return Err(Ended::Cancelled);
    }
    if let Some(failure) = exported.failure.take() {
        return Err(words::store(&failure));
    }
    let stored = stored.map_err(|error| words::objects("written", &error))?;
    if !exported.whole || stored.bytes != exported.tally.bytes {
        return Err(words::cut(&exported.tally, stored.bytes));
    }
    if !exported.tally.agrees_with(&stored) {
        return Err(words::checksum(&exported.tally, &stored));
    }
    run.crc32c = Some(exported.tally.checksum());
    Ok((exported.tally, stored.generation))
}

/// Reads the run's own object back and compares.
async fn verify(shared: &Shared, target: &Target, written: Tally) -> Result<(), Ended> {
    let found = async {
        let failed = |error| words::objects("read back", &error);
        let content = shared
            .parts
            .objects
            .read(&target.own)
            .await
            .map_err(failed)?;
        Tally::of(content)
            .await
            .map_err(|error| words::reading(&error))
    };
    let found = unless_cancelled(shared, Duration::ZERO, found).await?;
    if found != written {
        return Err(words::mismatch(&written, &found));
    }
    Ok(())
}

/// Gives the verified object its name, and then tells others about it.
async fn publish(
    shared: &Shared,
    run: &mut ArchiveRun,
    target: &Target,
    written: Tally,
    generation: i64,
) -> Result<(), Ended> {
    let objects = &shared.parts.objects;
    let renamed = objects
        .rename(&target.own, generation, &target.object, &labels(run))
        .await;
    let stored = renamed.map_err(|error| words::objects("given its name", &error))?;
    run.generation = Some(stored.generation);
    if !written.agrees_with(&stored) {
        return Err(words::renamed(&written, &stored));
    }
    let info = serde_json::to_vec_pretty(&RunInfo::new(run, target)).map_err(|_| words::fault())?;
    let info = Bytes::from(info);
    let mut told = Tally::default();
    told.add(&info);
    let content: ByteStream = stream::iter([Ok(info)]).boxed();
    let stored = objects.write(&target.run_info, content).await;
    let stored = stored.map_err(|error| words::run_info(&error))?;
    if !told.agrees_with(&stored) {
        return Err(words::run_info_changed(&told, &stored));
    }
    Ok(())
}

/// What the archive says about itself to whoever finds it without a receipt.
fn labels(run: &ArchiveRun) -> [Label; 4] {
    [
        ("run-id", run.run_id.clone()),
        ("window-from", run.window.from.to_string()),
        ("window-to", run.window.to.to_string()),
        ("orders", run.orders.to_string()),
    ]
}

/// Does `work`, which on cancellation has `grace` to come to its end.
async fn unless_cancelled<T>(
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

/// Removes a run's own object; what cannot be removed now is harmless, and is not tried for long.
pub async fn delete(shared: &Shared, own: &ObjectName) {
    match tokio::time::timeout(GRACE, shared.parts.objects.delete(own)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(?error, "an unfinished archive could not be removed"),
        Err(_) => tracing::warn!(%own, "an unfinished archive could not be removed in time"),
    }
}

//! A run's own object, before it has been verified and given its name.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use app::model::ArchiveRun;
use futures::TryFutureExt;
use tokio::time::{sleep, timeout};

use super::Tally;
use super::export::{Counter, counted};
use super::job::Shared;
use super::run::{GRACE, unless_cancelled};
use super::target::Target;
use super::words::{self, Ended};

/// A run is asked how far it has come when it has gone on for so long; a shorter one would only be
/// held up by the count.
const EXPECTED_AFTER: Duration = Duration::from_millis(250);
/// So long the store may take to say how many orders to expect.
const EXPECTED_WITHIN: Duration = Duration::from_secs(1);

/// Writes the run's own object; gives what was written, and its generation.
pub async fn write(
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
    let lines = counted(
        documents,
        counter.clone(),
        shared.parts.cancel.clone(),
        move |exported| {
            shown.send_replace(Some(ArchiveRun {
                orders: exported.tally.lines,
                bytes: exported.tally.bytes,
                unreadable: exported.unreadable,
                expected: exported.expected,
                ..running.clone()
            }));
        },
    );
    // The lines end with an error when cancelled, which lets the object store clean up by itself.
    let write = async {
        tokio::select! {
            biased;
            stored = shared.parts.objects.stage(&target.own, lines) => Ok(stored),
            never = expect(shared, target, &counter) => match never {},
        }
    };
    let stored = unless_cancelled(shared, GRACE, write).await?;

    let mut exported = counter.lock();
    run.orders = exported.tally.lines;
    run.bytes = exported.tally.bytes;
    run.unreadable = exported.unreadable;
    run.expected = exported.expected;
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

/// Learns how many orders to expect, while they are being written; never returns.
async fn expect(shared: &Shared, target: &Target, counter: &Counter) -> Infallible {
    sleep(EXPECTED_AFTER).await;
    let windows = [target.window];
    let counted = timeout(EXPECTED_WITHIN, shared.parts.store.order_counts(&windows)).await;
    if let Ok(Ok(counts)) = counted {
        counter.lock().expected = counts.first().copied();
    }
    pending().await
}

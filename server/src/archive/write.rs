//! A run's own object, before it has been verified and given its name.

use std::convert::Infallible;
use std::future::pending;
use std::time::{Duration, Instant};

use app::model::{ArchiveRun, Filter};
use futures::TryFutureExt;
use tokio::time::{sleep, timeout};

use super::Tally;
use super::export::{Counter, Exported, counted};
use super::job::Shared;
use super::run::{GRACE, unless_cancelled};
use super::target::Target;
use super::words::{self, Ended};
use crate::store::StatusRules;

/// The store is asked for a count once a run has gone on for so long; it would only hold up a shorter
/// one.
const EXPECTED_AFTER: Duration = Duration::from_millis(250);
/// Whoever waits for progress is woken no more often: waking takes longer than writing. Who looks
/// by himself always finds the newest.
const TOLD_EVERY: Duration = Duration::from_millis(50);
/// So long the store may take to say how many orders to expect.
const EXPECTED_WITHIN: Duration = Duration::from_secs(1);

/// Writes the run's own object; gives what was written, and its generation.
pub async fn write(
    shared: &Shared,
    run: &mut ArchiveRun,
    target: &Target,
) -> Result<(Tally, i64), Ended> {
    let store = &shared.parts.store;
    let documents = async {
        // First: orders of somebody's own that come in between make the archive no demonstration.
        run.synthetic = store.is_demonstration().await?;
        store.documents(target.window).await
    };
    let documents = documents.map_err(|error| words::store(&error));
    let documents = unless_cancelled(shared, Duration::ZERO, documents).await?;
    let counter = Counter::new(target.window.from);
    let (shown, running) = (shared.shown.clone(), run.clone());
    let mut told: Option<Instant> = None;
    let lines = counted(
        documents,
        counter.clone(),
        shared.parts.cancel.clone(),
        shared.parts.objects.waits_on_a_thread(),
        move |exported| {
            let due = told.is_none_or(|told| told.elapsed() >= TOLD_EVERY);
            if due {
                told = Some(Instant::now());
            }
            shown.send_if_modified(|shown| {
                // An object store may take one more piece when the run has ended already.
                let goes_on =
                    |run: &ArchiveRun| run.run_id == running.run_id && run.state.is_active();
                let Some(shown) = shown.as_mut().filter(|run| goes_on(run)) else {
                    return false;
                };
                *shown = come_so_far(&running, exported);
                due
            });
        },
    );
    // The lines end with an error when cancelled, which lets the object store clean up by itself.
    let write = async {
        tokio::select! {
            biased;
            stored = shared.parts.objects.stage(&target.own, lines) => Ok(stored),
            never = expect(shared, run, target, &counter) => match never {},
        }
    };
    let stored = unless_cancelled(shared, GRACE, write).await?;

    let mut exported = counter.lock();
    *run = come_so_far(run, &exported);
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
    run.daily = exported.daily.counts();
    run.expected.get_or_insert(run.orders);
    Ok((exported.tally, stored.generation))
}

/// Learns how many orders to expect, while they are being written; never returns.
async fn expect(
    shared: &Shared,
    run: &ArchiveRun,
    target: &Target,
    counter: &Counter,
) -> Infallible {
    sleep(EXPECTED_AFTER).await;
    let windows = [target.window];
    let (rules, all) = (StatusRules::default(), Filter::default());
    let counted = shared.parts.store.totals(&rules, &all, &windows);
    if let Ok(Ok(totals)) = timeout(EXPECTED_WITHIN, counted).await {
        let mut exported = counter.lock();
        exported.expected = totals.first().map(|totals| totals.orders);
        // Now, since the next piece may be long in coming.
        shared.show(&come_so_far(run, &exported));
    }
    pending().await
}

/// The run as it stands after so much.
fn come_so_far(run: &ArchiveRun, exported: &Exported) -> ArchiveRun {
    ArchiveRun {
        orders: exported.tally.lines,
        bytes: exported.tally.bytes,
        unreadable: exported.unreadable,
        expected: exported.expected,
        ..run.clone()
    }
}

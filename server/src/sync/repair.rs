//! Reading again what differs.

use std::collections::{BTreeSet, HashSet};

use super::compare::{differences, suspects};
use super::past::Past;
use super::sink::Writer;
use super::source::Source;
use super::{Job, SyncError, window};

/// How many keys are read and written at once.
const KEYS_A_WRITE: usize = 1_000;

/// Compares every order of the window, and reads again what differs; returns how many orders.
pub async fn repair_window(job: &Job) -> Result<u64, SyncError> {
    let mut source = Source::connect(&job.source).await?;
    Writer::with(job, async |writer| {
        let identity = source.session.identity().await?;
        writer.belongs_to(&identity, false).await?;
        let repaired = repair(&mut source, writer, true).await?;
        writer.state.drift = None;
        writer.save().await?;
        Ok(repaired)
    })
    .await
}

/// Puts right what differs in the window: with `whole` every document is compared, else only those of
/// days whose orders or cents differ. Returns how many orders.
pub async fn repair(
    source: &mut Source,
    writer: &mut Writer,
    whole: bool,
) -> Result<u64, SyncError> {
    let job = writer.job.clone();
    let days = window::days(&job.calendar, job.clock.now());
    let mut repaired = 0;
    for day in suspects(&job, source, &days, whole, &mut Past::Now).await? {
        let found = differences(&job, source, day, &mut Past::Now).await?;
        repaired += found.len() as u64;
        let seen = found.into_iter().flat_map(|order| order.seen);
        let keys: BTreeSet<String> = seen.flat_map(|seen| seen.keys).collect();
        let keys: Vec<String> = keys.into_iter().collect();
        for keys in keys.chunks(KEYS_A_WRITE) {
            if job.cancel.is_cancelled() {
                return Err(SyncError::Stopped);
            }
            let rows = source.of_keys(keys, &HashSet::new()).await?;
            writer
                .write(keys.to_vec(), rows.unwrap_or_default())
                .await?;
        }
    }
    Ok(repaired)
}

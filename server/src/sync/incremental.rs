//! One incremental load, for cron.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::load::{Loaded, PAGE_ROWS, copy, load};
use super::repair::repair;
use super::sink::Writer;
use super::source::Source;
use super::{Job, SyncError};

/// How much earlier than the last watermark a load reads.
const OVERLAP: Duration = Duration::from_secs(5 * 60);
/// The same where the source does not show when the transactions of others began.
const BLIND_OVERLAP: Duration = Duration::from_secs(60 * 60);

/// Reads what has changed since the last load, the whole window the first time, and deletes what is
/// gone. `say` is told what the user should know.
pub async fn incremental(
    job: &Job,
    overlap: Option<Duration>,
    mut say: impl FnMut(&str),
    progress: impl FnMut(u64),
) -> Result<Loaded, SyncError> {
    let source = Source::connect(&job.source).await?;
    if !source.view.has_updated_at {
        return Err(SyncError::Variable {
            variable: "SOURCE_ORDERS",
            problem:
                "the orders have no column source_updated_at: add it to the view, or use --full \
                 or --follow"
                    .to_owned(),
        });
    }
    load(job, source, false, async |source, writer, sees_all| {
        let Some(last) = writer.state.watermark else {
            return copy(source, writer, None, progress).await;
        };
        if !sees_all && overlap.is_none() {
            say(
                "this user may not see when the transactions of others began, so the load reads one \
                 hour twice: grant it pg_read_all_stats, or set --overlap",
            );
        }
        let default = if sees_all { OVERLAP } else { BLIND_OVERLAP };
        let overlap = TimeDelta::from_std(overlap.unwrap_or(default));
        let from = last.utc() - overlap.unwrap_or_default();
        changes(source, writer, from, progress).await
    })
    .await
}

async fn changes(
    source: &mut Source,
    writer: &mut Writer,
    mut from: DateTime<Utc>,
    mut progress: impl FnMut(u64),
) -> Result<(), SyncError> {
    let mut after = String::new();
    let mut read = 0;
    loop {
        if writer.job.cancel.is_cancelled() {
            return Err(SyncError::Stopped);
        }
        let changed = source.changed(from, &after, PAGE_ROWS).await?;
        let Some(last) = changed.last().cloned() else {
            break;
        };
        (from, after) = last;
        let mut keys: Vec<String> = changed.into_iter().map(|(_, key)| key).collect();
        keys.sort();
        keys.dedup();
        let rows = source.of_keys(&keys, &Default::default()).await?;
        read += keys.len() as u64;
        writer.write(keys, rows.unwrap_or_default()).await?;
        progress(read);
    }
    // A row that is gone has no time, but makes its day unequal.
    repair(source, writer, false).await?;
    Ok(())
}

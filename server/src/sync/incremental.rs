//! One incremental load, for cron.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::load::{Loaded, copy};
use super::sink::Writer;
use super::source::Source;
use super::{Job, SyncError, compare, window};

/// How much earlier than the last watermark a load reads.
const OVERLAP: Duration = Duration::from_secs(5 * 60);
/// The same where the source does not show when the transactions of others began.
const BLIND_OVERLAP: Duration = Duration::from_secs(60 * 60);
const PAGE_ROWS: i64 = 5_000;

/// Reads what has changed since the last load, the whole window the first time, and deletes what is
/// gone. `say` is told what the user should know.
pub async fn incremental(
    job: &Job,
    overlap: Option<Duration>,
    mut say: impl FnMut(&str),
    progress: impl FnMut(u64),
) -> Result<Loaded, SyncError> {
    let mut source = Source::connect(&job.source).await?;
    if !source.view.has_updated_at {
        return Err(SyncError::Variable {
            variable: "SOURCE_ORDERS",
            problem:
                "the orders have no column source_updated_at: add it to the view, or use --full \
                 or --follow"
                    .to_owned(),
        });
    }
    let mut writer = Writer::open(job, false).await?;
    let loaded = async {
        let identity = source.identity().await?;
        writer.belongs_to(&identity, false).await?;
        let before = (writer.state.written, writer.state.deleted);
        // Before reading: what is committed later is read by the next load.
        let (until, sees_all) = source.settled().await?;
        match writer.state.watermark {
            None => copy(&mut source, &mut writer, None, progress).await?,
            Some(last) => {
                if !sees_all && overlap.is_none() {
                    say(
                        "this user may not see when the transactions of others began, so the load \
                         reads one hour twice: grant it pg_read_all_stats, or set --overlap",
                    );
                }
                let default = if sees_all { OVERLAP } else { BLIND_OVERLAP };
                let overlap = TimeDelta::from_std(overlap.unwrap_or(default));
                let from = last.utc() - overlap.unwrap_or_default();
                changes(&mut source, &mut writer, from, progress).await?;
            }
        }
        writer.state.watermark = Some(until.into());
        writer.state.caught_up_at = Some(until.into());
        writer.save().await?;
        Ok(Loaded {
            written: writer.state.written - before.0,
            deleted: writer.state.deleted - before.1,
            refused: writer.state.refused.len() as u64,
        })
    };
    let loaded = loaded.await;
    writer.close().await;
    loaded
}

async fn changes(
    source: &mut Source,
    writer: &mut Writer,
    from: DateTime<Utc>,
    mut progress: impl FnMut(u64),
) -> Result<(), SyncError> {
    let job = writer.job.clone();
    let mut after = None;
    let mut read = 0;
    loop {
        if job.cancel.is_cancelled() {
            return Err(SyncError::Stopped);
        }
        let changed = source.changed(from, after.as_ref(), PAGE_ROWS).await?;
        let Some(last) = changed.last().cloned() else {
            break;
        };
        let mut keys: Vec<String> = changed.into_iter().map(|(_, key)| key).collect();
        keys.sort();
        keys.dedup();
        let rows = source.of_keys(&keys, &Default::default()).await?;
        read += keys.len() as u64;
        writer.write(keys, rows.unwrap_or_default()).await?;
        progress(read);
        after = Some(last);
    }
    // A row that is gone has no time, but makes its day unequal.
    let days = window::days(&job.calendar, job.clock.now());
    compare::repair(source, writer, &days, false).await?;
    Ok(())
}

//! Loading whole windows: in pages by key, so that a load that was cut short goes on.

use std::collections::BTreeSet;

use super::sink::Writer;
use super::source::Source;
use super::{Job, SyncError, compare, window};

const PAGE_ROWS: i64 = 5_000;

/// What a load did.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    pub written: u64,
    pub deleted: u64,
    pub refused: u64,
}

/// Loads the whole window again: writes every order, then deletes those that the source does not
/// have. Readers see orders all the time. With `take_over` from another cluster, too.
pub async fn full(
    job: &Job,
    take_over: bool,
    progress: impl FnMut(u64),
) -> Result<Loaded, SyncError> {
    let mut source = Source::connect(&job.source).await?;
    let mut writer = Writer::open(job, false).await?;
    let identity = source.identity().await?;
    let loaded = async {
        writer.belongs_to(&identity, take_over).await?;
        let (written, deleted) = (writer.state.written, writer.state.deleted);
        let (until, _) = source.settled().await?;
        copy(&mut source, &mut writer, None, progress).await?;
        // Of one that follows, the position says how far the orders are.
        if writer.state.position.is_none() {
            writer.state.watermark = Some(until.into());
            writer.state.caught_up_at = Some(until.into());
        }
        writer.state.drift = None;
        writer.save().await?;
        Ok(Loaded {
            written: writer.state.written - written,
            deleted: writer.state.deleted - deleted,
            refused: writer.state.refused.len() as u64,
        })
    };
    let loaded = loaded.await;
    writer.close().await;
    loaded
}

/// Copies the window, page by page. With `resume`, the key to go on after is kept in the state.
pub(super) async fn copy(
    source: &mut Source,
    writer: &mut Writer,
    resume: Option<String>,
    mut progress: impl FnMut(u64),
) -> Result<(), SyncError> {
    let job = writer.job.clone();
    let from = window::begin(job.clock.now());
    if let Some(id) = source.duplicate(from).await? {
        return Err(SyncError::Variable {
            variable: "SOURCE_ORDERS",
            problem: format!(
                "two rows have the order_id {id}: give each row of the view an order_id of its own"
            ),
        });
    }
    let resumable = resume.is_some();
    let mut after = resume.unwrap_or_default();
    let mut copied = 0;
    loop {
        if job.cancel.is_cancelled() {
            return Err(SyncError::Stopped);
        }
        let rows = source.page(&after, from, PAGE_ROWS).await?;
        let Some(last) = rows.last().map(|row| row.key.clone()) else {
            break;
        };
        after = last;
        copied += rows.len() as u64;
        let keys: BTreeSet<String> = rows.iter().map(|row| row.key.clone()).collect();
        writer.write(keys.into_iter().collect(), rows).await?;
        if resumable {
            writer.state.copying = Some(after.clone());
            writer.save().await?;
        }
        progress(copied);
    }
    // What the source does not have makes a day unequal: all that it has was just written.
    let days = window::days(&job.calendar, job.clock.now());
    compare::repair(source, writer, &days, false).await?;
    Ok(())
}

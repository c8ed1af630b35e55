//! Loading whole windows: in pages by key, so that a load that was cut short goes on.

use std::collections::BTreeSet;

use super::repair::repair;
use super::sink::Writer;
use super::source::Source;
use super::{Job, SyncError, window};

pub(super) const PAGE_ROWS: i64 = 5_000;

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
    let source = Source::connect(&job.source).await?;
    load(job, source, take_over, async |source, writer, _| {
        copy(source, writer, None, progress).await
    })
    .await
}

/// Loads by `work`, and notes how far the orders are then. The source may not show when all
/// transactions of others began: `work` is told whether it does.
pub(super) async fn load(
    job: &Job,
    mut source: Source,
    take_over: bool,
    work: impl AsyncFnOnce(&mut Source, &mut Writer, bool) -> Result<(), SyncError>,
) -> Result<Loaded, SyncError> {
    Writer::with(job, async |writer| {
        let identity = source.session.identity().await?;
        writer.belongs_to(&identity, take_over).await?;
        let (written, deleted) = (writer.state.written, writer.state.deleted);
        // Before reading: what is committed later is read by the next load.
        let (until, sees_all) = source.session.settled().await?;
        work(&mut source, writer, sees_all).await?;
        let state = &mut writer.state;
        state.watermark = Some(until.into());
        state.caught_up_at = state.caught_up_at.max(state.watermark);
        state.drift = None;
        let loaded = Loaded {
            written: state.written - written,
            deleted: state.deleted - deleted,
            refused: state.refused.len() as u64,
        };
        writer.save().await?;
        Ok(loaded)
    })
    .await
}

/// Copies the window, page by page. With `resume`, the key to go on after is kept in the state.
pub(super) async fn copy(
    source: &mut Source,
    writer: &mut Writer,
    resume: Option<String>,
    mut progress: impl FnMut(u64),
) -> Result<(), SyncError> {
    let from = window::begin(writer.job.clock.now());
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
        if writer.job.cancel.is_cancelled() {
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
    repair(source, writer, false).await?;
    Ok(())
}

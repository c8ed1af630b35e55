//! Following: sessions with the source, one after the other.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::types::PgLsn;

use super::attach::attach;
use super::feed::{Feed, Replication};
use super::pause::{LONGEST_PAUSE, Pause};
use super::sink::Writer;
use super::source::Source;
use super::stream::stream;
use super::{Job, SyncError};
use crate::causes::with_causes;

const SLOT_PATIENCE: Duration = Duration::from_secs(60);
const SLOT_PAUSE: Duration = Duration::from_secs(2);

/// Follows the source until the job is cancelled. While PostgreSQL or the store is away it tries
/// again; `say` is told why.
pub async fn follow(job: &Job, mut say: impl FnMut(&str)) -> Result<(), SyncError> {
    let mut pause = Pause::default();
    let mut writer = None;
    let result = loop {
        let begun = Instant::now();
        match session(job, &mut writer).await {
            Err(SyncError::Stopped) | Ok(()) => break Ok(()),
            Err(error) if error.is_away() => say(&with_causes(&error)),
            Err(error) => break Err(error),
        }
        if begun.elapsed() > LONGEST_PAUSE {
            pause = Pause::default();
        }
        if pause.wait(job).await.is_err() {
            break Ok(());
        }
    };
    if let Some(writer) = writer {
        writer.close().await;
    }
    result
}

/// One session with the source, from its beginning until something fails.
async fn session(job: &Job, writer: &mut Option<Writer>) -> Result<(), SyncError> {
    let writer = match writer {
        Some(writer) => {
            // Nothing but the saved state is known for sure.
            writer.read_state().await?;
            writer
        }
        None => writer.insert(Writer::open(job, true).await?),
    };
    let mut source = Source::connect(&job.source).await?;
    let position = attach(&mut source, writer).await?;
    let mut feed = start(writer, position).await?;
    let result = stream(source, writer, &mut feed, position).await;
    feed.stop().await;
    result
}

/// Starts the stream. Another process may still hold the slot, or seem to.
async fn start(writer: &mut Writer, position: PgLsn) -> Result<Replication, SyncError> {
    let begun = Instant::now();
    loop {
        match Replication::start(&writer.job, position).await {
            Err(SyncError::Held) if begun.elapsed() < SLOT_PATIENCE => {}
            started => return started,
        }
        tokio::select! {
            () = sleep(SLOT_PAUSE) => writer.hold().await?,
            () = writer.job.cancel.cancelled() => return Err(SyncError::Stopped),
        }
    }
}

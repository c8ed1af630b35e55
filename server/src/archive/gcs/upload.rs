//! Writing an object of unknown length.

use super::chunks::{Chunk, Chunks};
use super::connect::Connection;
use super::failure::Failure;
use super::patience::Attempts;
use super::session::{Progress, Session};
use crate::archive::{ByteStream, ObjectName, Stored};

/// Writes the whole content, or no object. A content that fails ends the upload before its end,
/// and what the store has kept by then is no object. Neither is it when this future is dropped,
/// unless the store was being sent the last chunk.
pub async fn upload(
    connection: &Connection,
    name: &ObjectName,
    content: ByteStream,
) -> Result<Stored, Failure> {
    let mut chunks = Chunks::new(content);
    // Before anything is asked of the store, for a content that fails at once.
    let mut chunk = chunks.next().await?;
    let session = begin(connection, name).await?;
    let mut offset = 0;
    loop {
        let next = offset + chunk.bytes.len() as u64;
        match deliver(connection, &session, &chunk, offset, chunks.tally.crc32c).await {
            Ok(Some(stored)) => return Ok(stored),
            Ok(None) => {}
            // The store confirmed the end, but nobody heard it.
            Err(Failure::SessionGone) if chunk.last => {
                let found = connection.stat(name).await?;
                let whole = found
                    .filter(|stored| stored.crc32c.is_some() && chunks.tally.agrees_with(stored));
                return whole.ok_or(Failure::SessionGone);
            }
            Err(failure) => {
                session.forget().await;
                return Err(failure);
            }
        }
        offset = next;
        // Before the next one is taken, so that there is only one in memory.
        drop(chunk);
        chunk = match chunks.next().await {
            Ok(chunk) => chunk,
            Err(failure) => {
                session.forget().await;
                return Err(failure);
            }
        };
    }
}

async fn begin<'a>(connection: &'a Connection, name: &ObjectName) -> Result<Session<'a>, Failure> {
    let mut attempts = Attempts::new(connection.patience);
    loop {
        // Begun twice is no harm: an upload that is not gone on with is forgotten.
        match Session::begin(connection, name).await {
            Ok(session) => return Ok(session),
            Err(failure) => attempts.again(failure).await?,
        }
    }
}

/// Sends a chunk, which stands at `offset`, until the store keeps all of it; gives the object once
/// the last one has made it.
async fn deliver(
    connection: &Connection,
    session: &Session<'_>,
    chunk: &Chunk,
    offset: u64,
    crc32c: u32,
) -> Result<Option<Stored>, Failure> {
    let mut attempts = Attempts::new(connection.patience);
    let mut sent = 0;
    let mut asking = false;
    loop {
        let at = offset + sent as u64;
        let progress = if asking {
            session.ask().await
        } else {
            session.send(chunk, sent, at, crc32c).await
        };
        let kept = match progress {
            Ok(Progress::Done(stored)) if chunk.last => return Ok(Some(stored)),
            Ok(Progress::Done(_)) => return Err(odd("it ends the upload too early")),
            Ok(Progress::Kept(kept)) => kept,
            // How much of it has arrived has to be asked.
            Err(failure) => {
                attempts.again(failure).await?;
                asking = true;
                continue;
            }
        };
        let within = kept.checked_sub(offset).map(|within| within as usize);
        let Some(within) = within.filter(|within| (sent..=chunk.bytes.len()).contains(within))
        else {
            return Err(odd("it keeps less than before, or more than it was sent"));
        };
        if within == chunk.bytes.len() && !chunk.last {
            return Ok(None);
        }
        if within > sent {
            sent = within;
            attempts.progressed();
        } else if !asking {
            // It took the request, and nothing of the chunk.
            attempts.again(Failure::Nothing).await?;
        }
        asking = false;
    }
}

fn odd(what: &str) -> Failure {
    Failure::Answer(what.to_owned())
}

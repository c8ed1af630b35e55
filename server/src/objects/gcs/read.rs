//! Reading an object, or only what the store says about it.

use std::io;
use std::time::Duration;

use futures::stream::try_unfold;
use futures::{FutureExt, StreamExt};
use google_cloud_storage::read_object::ReadObjectResponse;
use google_cloud_storage::read_resume_policy::{ReadResumePolicyExt, Recommended};
use tokio::time::timeout;

use super::connect::Connection;
use super::errors::Failure;
use super::retries::Watch;
use crate::objects::{ByteStream, ObjectName, Stored};

/// The object's content and its generation. The library compares the content with the store's
/// checksum at the end.
pub async fn read(
    connection: &Connection,
    name: &ObjectName,
) -> Result<(ByteStream, i64), Failure> {
    let answer = open(connection, name).await?;
    let generation = answer.object().generation;
    Ok((pieces(answer, connection.timeouts.silence), generation))
}

/// What the store says about the object: the answer's head, without its body.
pub async fn stat(connection: &Connection, name: &ObjectName) -> Result<Stored, Failure> {
    let object = open(connection, name).await?.object();
    let checksum = object.checksums.and_then(|sums| sums.crc32c);
    stored(object.size, checksum, object.generation)
}

/// An object by the store's own numbers.
pub fn stored(size: i64, crc32c: Option<u32>, generation: i64) -> Result<Stored, Failure> {
    match (u64::try_from(size), crc32c) {
        (Ok(bytes), Some(crc32c)) => Ok(Stored {
            bytes,
            crc32c,
            generation,
        }),
        _ => Err(Failure::Other {
            reason: "the answer cannot be understood",
            cause: format!("an object of {size} bytes with the checksum {crc32c:?}"),
        }),
    }
}

async fn open(connection: &Connection, name: &ObjectName) -> Result<ReadObjectResponse, Failure> {
    let watch = Watch::new(connection.timeouts);
    let request = connection
        .library()
        .await?
        .read_object(connection.resource(), name.as_str())
        .with_read_resume_policy(Recommended.with_attempt_limit(connection.timeouts.attempts))
        .with_retry_policy(watch.retries(connection.timeouts));
    watch.over(request.send().boxed()).await
}

/// A piece that does not come within the time of `silence` ends the content with an error.
fn pieces(answer: ReadObjectResponse, silence: Duration) -> ByteStream {
    try_unfold(answer, move |mut answer| async move {
        let next = timeout(silence, answer.next()).await;
        let next = next.map_err(|_| io::Error::other(Failure::Silent(silence)))?;
        let piece = next
            .transpose()
            .map_err(|error| io::Error::other(Failure::of_library(&error)))?;
        Ok(piece.map(|piece| (piece, answer)))
    })
    .boxed()
}

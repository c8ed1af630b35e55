//! Reading an object.

use std::time::Duration;

use bytes::Bytes;
use futures::TryStream;
use futures::stream::try_unfold;
use google_cloud_storage::read_object::ReadObjectResponse;
use tokio::time::timeout;

use super::connect::Connection;
use super::errors::Failure;
use crate::objects::ObjectName;

/// The object's content and its generation. The library compares the content with the store's
/// checksum at the end.
pub async fn read(
    connection: &Connection,
    name: &ObjectName,
) -> Result<
    (
        impl TryStream<Ok = Bytes, Error = Failure> + Send + use<>,
        i64,
    ),
    Failure,
> {
    let silence = connection.timeouts.silence;
    let library = connection.library().await?;
    let request = library.read_object(connection.resource(), name.as_str());
    let answer = timeout(silence, request.send()).await;
    let answer = answer.map_err(|_| Failure::silent(silence))?;
    let answer = answer.map_err(|error| Failure::of_library(&error))?;
    let generation = answer.object().generation;
    Ok((pieces(answer, silence), generation))
}

/// A piece that does not come in time ends the content with an error.
fn pieces(
    answer: ReadObjectResponse,
    silence: Duration,
) -> impl TryStream<Ok = Bytes, Error = Failure> + Send {
    try_unfold(answer, move |mut answer| async move {
        let next = timeout(silence, answer.next()).await;
        let next = next.map_err(|_| Failure::silent(silence))?;
        let piece = next
            .transpose()
            .map_err(|error| Failure::of_library(&error))?;
        Ok(piece.map(|piece| (piece, answer)))
    })
}

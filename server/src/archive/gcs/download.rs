//! Reading an object, through Google's library.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use futures::stream::{StreamExt, try_unfold};
use google_cloud_storage::read_object::ReadObjectResponse;
use google_cloud_storage::read_resume_policy::{ReadResumePolicyExt, Recommended};
use tokio::time::timeout;

use super::connect::Connection;
use super::failure::Failure;
use super::patience::Attempts;
use crate::archive::{ByteStream, ObjectName};

/// So often a download goes on where its connection broke.
const RESUMED: u32 = 10;

/// The object's content, of one generation, compared with the store's checksum at the end; and that
/// generation.
pub async fn download(
    connection: &Connection,
    name: &ObjectName,
) -> Result<(ByteStream, i64), Failure> {
    let mut attempts = Attempts::new(connection.patience);
    loop {
        match begin(connection, name).await {
            Ok(answer) => {
                let generation = answer.object().generation;
                return Ok((pieces(answer, connection.patience.silence()), generation));
            }
            Err(failure) => attempts.again(failure).await?,
        }
    }
}

async fn begin(connection: &Connection, name: &ObjectName) -> Result<ReadObjectResponse, Failure> {
    // First of all, since the library tells a missing credential from a broken connection only in
    // words.
    connection.identity().await?;
    let library = timeout(connection.patience.answer, connection.library());
    let library = library.await.map_err(|_| Failure::Silent)??;
    let bucket = format!("projects/_/buckets/{}", connection.bucket);
    let request = library
        .read_object(bucket, name.as_str())
        .with_read_resume_policy(Recommended.with_attempt_limit(RESUMED));
    match timeout(connection.patience.answer, request.send()).await {
        Ok(answer) => answer.map_err(Failure::of_library),
        Err(_) => Err(Failure::Silent),
    }
}

/// The library has no deadline: a piece that does not come within `patience` ends the content.
fn pieces(answer: ReadObjectResponse, patience: Duration) -> ByteStream {
    try_unfold(answer, move |mut answer| async move {
        let next = timeout(patience, answer.next()).await;
        let next = next.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?;
        let piece: Option<Bytes> = next.transpose().map_err(io::Error::other)?;
        Ok(piece.map(|piece| (piece, answer)))
    })
    .boxed()
}

//! Writing an object.

use std::fs::File;
use std::io::Seek;
use std::time::Duration;

use google_cloud_storage::streaming_source::{Payload, Seek as Again, StreamingSource};
use tokio::time::sleep;

use super::connect::Connection;
use super::errors::Failure;
use crate::objects::{Content, ObjectName, PutMode};

/// Uploads the content. When the answer to a small upload is lost, it is stored once more;
/// [`PutMode::Create`] then finds its own object there.
pub async fn write(
    connection: &Connection,
    name: &ObjectName,
    content: Content,
    mode: PutMode,
) -> Result<(), Failure> {
    let silence = connection.timeouts.silence;
    match content {
        Content::Bytes(bytes) => {
            let crc32c = crc32c::crc32c(&bytes);
            tokio::select! {
                sent = send(connection, name, bytes, crc32c, mode) => sent,
                () = sleep(silence) => Err(Failure::silent(silence)),
            }
        }
        Content::File(file, digest) => {
            let unreadable = |error| Failure::other("the file cannot be read", &error);
            // Both have one position.
            let moving = file.try_clone().map_err(unreadable)?;
            let file = tokio::fs::File::from_std(file);
            tokio::select! {
                sent = send(connection, name, file, digest.crc32c, mode) => sent,
                () = stalled(moving, silence) => Err(Failure::silent(silence)),
            }
        }
    }
}

/// Returns when nothing was read from the file for so long. The library has no timeout for an
/// upload.
async fn stalled(mut file: File, silence: Duration) {
    let mut before = None;
    loop {
        sleep(silence).await;
        let now = file.stream_position().ok();
        if now == before {
            return;
        }
        before = now;
    }
}

async fn send<S>(
    connection: &Connection,
    name: &ObjectName,
    content: impl Into<Payload<S>>,
    crc32c: u32,
    mode: PutMode,
) -> Result<(), Failure>
where
    S: StreamingSource + Again + Send + Sync + 'static,
{
    let library = connection.library().await?;
    let request = library
        .write_object(connection.resource(), name.as_str(), content)
        .set_content_type(content_type(name))
        .with_known_crc32c(crc32c)
        // Replacing twice with the same is no harm.
        .with_idempotency(true);
    let request = match mode {
        PutMode::Create => request.set_if_generation_match(0),
        PutMode::Replace => request,
    };
    let sent = Box::pin(request.send_unbuffered()).await;
    sent.map(drop).map_err(|error| Failure::of_library(&error))
}

/// For BigQuery and browsers.
fn content_type(name: &ObjectName) -> &'static str {
    match name.as_str().rsplit_once('.') {
        Some((_, "jsonl")) => "application/x-ndjson",
        Some((_, "json")) => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_type_follows_from_the_name() {
        for (name, expected) in [
            ("2026/10/31/orders_export.jsonl", "application/x-ndjson"),
            ("metadata/run_info.json", "application/json"),
            ("other", "application/octet-stream"),
        ] {
            let name = ObjectName::new(name).expect("a name");
            assert_eq!(content_type(&name), expected);
        }
    }
}

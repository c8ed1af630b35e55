//! Writing an object.

use futures::FutureExt;
use google_cloud_storage::model::Object;
use google_cloud_storage::streaming_source::{Payload, Seek, StreamingSource};

use super::connect::Connection;
use super::errors::Failure;
use super::read::stored;
use super::retries::Watch;
use crate::objects::{Content, ObjectName, PutMode, Stored};

/// Uploads the content. When the answer to a small upload is lost, it is stored once more;
/// [`PutMode::Create`] then finds its own object there.
pub async fn write(
    connection: &Connection,
    name: &ObjectName,
    content: Content,
    mode: PutMode,
) -> Result<Stored, Failure> {
    let watch = Watch::new(connection.timeouts);
    let object = match content {
        Content::Bytes(bytes) => {
            let crc32c = crc32c::crc32c(&bytes);
            send(connection, name, bytes, crc32c, mode, watch).await?
        }
        Content::File(file, digest) => {
            let watch = watch
                .with_file(&file)
                .map_err(|error| Failure::other("the file cannot be read", &error))?;
            let file = tokio::fs::File::from_std(file);
            send(connection, name, file, digest.crc32c, mode, watch).await?
        }
    };
    let checksum = object.checksums.and_then(|sums| sums.crc32c);
    stored(object.size, checksum, object.generation)
}

async fn send<S>(
    connection: &Connection,
    name: &ObjectName,
    content: impl Into<Payload<S>>,
    crc32c: u32,
    mode: PutMode,
    watch: Watch,
) -> Result<Object, Failure>
where
    S: StreamingSource + Seek + Send + Sync + 'static,
{
    let library = connection.library().await?;
    let request = library
        .write_object(connection.resource(), name.as_str(), content)
        .set_content_type(content_type(name))
        .with_known_crc32c(crc32c)
        // Replacing twice with the same is no harm.
        .with_idempotency(true)
        .with_retry_policy(watch.retries(connection.timeouts));
    let request = match mode {
        PutMode::Create => request.set_if_generation_match(0),
        PutMode::Replace => request,
    };
    watch.over(request.send_unbuffered().boxed()).await
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

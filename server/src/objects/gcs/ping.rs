//! Whether the bucket is there, without writing to it.

use reqwest::StatusCode;
use tokio::time::timeout;

use super::connect::Connection;
use super::errors::Failure;

/// Lists the bucket, once and soon. That is what every role that may write objects allows, unlike
/// reading the bucket's own metadata. The library can list over gRPC only.
pub async fn ping(connection: &Connection) -> Result<(), Failure> {
    let limit = connection.timeouts.ping;
    let code = timeout(limit, list(connection)).await;
    let code = code.unwrap_or_else(|_| Err(Failure::silent(limit)))?;
    match code.is_success() {
        true => Ok(()),
        false => Err(Failure::status(code, "")),
    }
}

async fn list(connection: &Connection) -> Result<StatusCode, Failure> {
    let (endpoint, bucket) = (&connection.endpoint, &connection.bucket);
    let request = connection
        .client
        .get(format!("{endpoint}/storage/v1/b/{bucket}/o"))
        .query(&[("maxResults", "1"), ("fields", "kind")])
        .headers(connection.identity().await?);
    let answer = request.send().await;
    let answer = answer.map_err(|error| Failure::other("the connection failed", &error))?;
    Ok(answer.status())
}

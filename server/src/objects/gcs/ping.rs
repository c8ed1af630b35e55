//! Whether the bucket is there and can be used, without writing to it.

use reqwest::StatusCode;
use serde::Deserialize;
use tokio::time::timeout;

use super::connect::Connection;
use super::errors::Failure;

/// What an archive does with objects. Replacing one needs `delete`. Without `list`, Google
/// answers 403 for an object that is not there.
const NEEDED: [&str; 4] = [
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list",
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Granted {
    permissions: Vec<String>,
}

/// Returns soon, and without a failure when all that is needed is granted.
pub async fn ping(connection: &Connection) -> Result<(), Failure> {
    let limit = connection.timeouts.ping;
    let missing = timeout(limit, missing_permission(connection)).await;
    match missing.unwrap_or(Err(Failure::Silent(limit)))? {
        Some(permission) => Err(Failure::NotGranted(permission)),
        None => Ok(()),
    }
}

async fn missing_permission(connection: &Connection) -> Result<Option<&'static str>, Failure> {
    let needed = NEEDED.map(|permission| ("permissions", permission));
    let answer = ask(connection, "iam/testPermissions", &needed).await?;
    let code = answer.status();
    // Emulators know no permissions, but their buckets can be listed.
    if code == StatusCode::NOT_FOUND && !bucket_is_missing(connection).await {
        return Ok(None);
    }
    if !code.is_success() {
        let words = String::new();
        return Err(Failure::Status { code, words });
    }
    let granted = answer.json::<Granted>().await;
    let Granted { permissions } =
        granted.map_err(|error| Failure::other("the answer cannot be understood", &error))?;
    Ok(NEEDED
        .into_iter()
        .find(|needed| permissions.iter().all(|granted| granted != needed)))
}

/// Whether it is the bucket that is not there. Listing is what every role that may write objects
/// allows, unlike reading the bucket's own metadata.
pub async fn bucket_is_missing(connection: &Connection) -> bool {
    let first = [("maxResults", "1"), ("fields", "kind")];
    let asked = ask(connection, "o", &first);
    let answer = timeout(connection.timeouts.silence, asked).await;
    matches!(answer, Ok(Ok(answer)) if answer.status() == StatusCode::NOT_FOUND)
}

/// Asks once.
async fn ask(
    connection: &Connection,
    path: &str,
    query: &[(&str, &str)],
) -> Result<reqwest::Response, Failure> {
    let address = format!(
        "{}/storage/v1/b/{}/{path}",
        connection.endpoint, connection.bucket
    );
    let request = connection.client.get(address).query(query);
    let request = request.headers(connection.identity().await?).send();
    let answer = request.await;
    answer.map_err(|error| Failure::other("the connection failed", &error))
}

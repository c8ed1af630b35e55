//! Whether the bucket can be used, without writing to it.

use serde::Deserialize;

use super::connect::Connection;
use super::failure::Failure;
use crate::archive::{ObjectError, ObjectName};

/// What the archive does with objects.
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

/// Returns soon when the bucket is there and all that is needed is granted.
pub async fn check(connection: &Connection, destination: &str) -> Result<(), ObjectError> {
    let destination = destination.to_owned();
    let asked = tokio::time::timeout(connection.patience.ping, granted(connection)).await;
    match asked.unwrap_or(Err(Failure::Silent)) {
        Ok(None) => Ok(()),
        Ok(Some(missing)) => Err(ObjectError::Forbidden {
            destination,
            source: format!("{missing} is not granted").into(),
        }),
        Err(failure) if failure.is_not_found() => Err(ObjectError::NoBucket { destination }),
        Err(failure) => {
            let silence = connection.patience.ping;
            Err(failure.into_error(destination, "ask for", &ObjectName::probe(), silence))
        }
    }
}

/// The first permission that is missing.
async fn granted(connection: &Connection) -> Result<Option<&'static str>, Failure> {
    let path = format!("/storage/v1/b/{}/iam/testPermissions", connection.bucket);
    let request = connection.client.get(connection.address(&path));
    let request = request.query(&NEEDED.map(|permission| ("permissions", permission)));
    match connection.ask_for::<Granted>(request).await {
        Ok(Granted { permissions }) => Ok(NEEDED
            .into_iter()
            .find(|needed| permissions.iter().all(|granted| granted != needed))),
        // Emulators know no permissions, but their buckets can be listed.
        Err(failure) if failure.is_not_found() => match connection.bucket_is_missing().await {
            true => Err(failure),
            false => Ok(None),
        },
        Err(failure) => Err(failure),
    }
}

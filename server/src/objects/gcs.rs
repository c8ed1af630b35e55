//! Objects in a bucket of Google Cloud Storage.
//!
//! Google's own library reads and writes them: it asks again after faults that may pass, resumes
//! broken uploads and downloads, and compares checksums. Whether the bucket can be used is asked
//! here, since the library offers that only over gRPC.

use std::fmt;

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use reqwest::StatusCode;

use super::{ByteStream, Content, ObjectError, ObjectName, ObjectStore, PutMode};
use crate::config::GcsConfig;
use connect::Connection;
pub use connect::{GcsOpenError, Timeouts};
use errors::Failure;

mod connect;
mod errors;
mod ping;
mod read;
mod write;

const READ: &str = "read";
const WRITE: &str = "write";

/// A bucket.
pub struct GcsBucket {
    connection: Connection,
}

impl GcsBucket {
    /// Prepares the use of the bucket, inside a Tokio runtime. Asks nothing of Google yet, so that
    /// a server starts while the network is away.
    pub fn open(config: &GcsConfig) -> Result<Self, GcsOpenError> {
        Self::open_with(config, Timeouts::default())
    }

    /// The same, with other timeouts.
    pub fn open_with(config: &GcsConfig, timeouts: Timeouts) -> Result<Self, GcsOpenError> {
        Ok(Self {
            connection: Connection::new(config, timeouts)?,
        })
    }

    /// The failure by its outcome.
    async fn explained(
        &self,
        operation: &'static str,
        name: &ObjectName,
        failure: Failure,
    ) -> ObjectError {
        let name = name.clone();
        match failure.code {
            StatusCode::PRECONDITION_FAILED => ObjectError::AlreadyExists { name },
            StatusCode::NOT_FOUND => match self.ping().await {
                Err(missing @ ObjectError::NoBucket { .. }) => missing,
                _ if operation == READ => ObjectError::NotFound { name },
                _ => self.failed(format!("{operation} {name}"), failure),
            },
            _ => self.failed(format!("{operation} {name}"), failure),
        }
    }

    fn failed(&self, attempt: String, failure: Failure) -> ObjectError {
        failure.into_error(self.destination(), attempt)
    }
}

#[async_trait]
impl ObjectStore for GcsBucket {
    async fn put(
        &self,
        name: &ObjectName,
        content: Content,
        mode: PutMode,
    ) -> Result<(), ObjectError> {
        match write::write(&self.connection, name, content, mode).await {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.explained(WRITE, name, failure).await),
        }
    }

    async fn read(&self, name: &ObjectName) -> Result<(ByteStream, i64), ObjectError> {
        match read::read(&self.connection, name).await {
            Ok((content, generation)) => {
                let (destination, attempt) = (self.destination(), format!("{READ} {name}"));
                let failed = move |failure: Failure| {
                    failure.into_error(destination.clone(), attempt.clone())
                };
                Ok((content.map_err(failed).boxed(), generation))
            }
            Err(failure) => Err(self.explained(READ, name, failure).await),
        }
    }

    fn location(&self, name: &ObjectName) -> String {
        format!("{}/{name}", self.destination())
    }

    fn destination(&self) -> String {
        format!("gs://{}", self.connection.bucket)
    }

    async fn ping(&self) -> Result<(), ObjectError> {
        let destination = self.destination();
        match ping::ping(&self.connection).await {
            Err(failure) if failure.code == StatusCode::NOT_FOUND => {
                Err(ObjectError::NoBucket { destination })
            }
            pinged => pinged.map_err(|failure| failure.into_error(destination, "ping".to_owned())),
        }
    }
}

impl fmt::Display for GcsBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cloud Storage")
    }
}

impl fmt::Debug for GcsBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GcsBucket")
            .field(&self.destination())
            .finish()
    }
}

//! Objects in a bucket of Google Cloud Storage.
//!
//! Google's own library reads and writes them: it asks again after faults that may pass, resumes
//! broken uploads and downloads, and compares checksums. Whether the bucket can be used is asked
//! here, since the library offers that only over gRPC.

use std::fmt;

use async_trait::async_trait;

use super::{ByteStream, Content, ObjectError, ObjectName, ObjectStore, PutMode, Stored};
use crate::config::GcsConfig;
use connect::Connection;
pub use connect::GcsOpenError;
use errors::{Failure, READ, WRITE};
pub use timeouts::Timeouts;

mod connect;
mod errors;
mod ping;
mod read;
mod retries;
mod timeouts;
mod write;

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
        let destination = self.destination();
        if failure.is_not_found() && ping::bucket_is_missing(&self.connection).await {
            return ObjectError::NoBucket { destination };
        }
        failure.into_error(destination, operation, name)
    }
}

#[async_trait]
impl ObjectStore for GcsBucket {
    async fn put(
        &self,
        name: &ObjectName,
        content: Content,
        mode: PutMode,
    ) -> Result<Stored, ObjectError> {
        match write::write(&self.connection, name, content, mode).await {
            Ok(stored) => Ok(stored),
            Err(failure) => Err(self.explained(WRITE, name, failure).await),
        }
    }

    async fn read(&self, name: &ObjectName) -> Result<(ByteStream, i64), ObjectError> {
        match read::read(&self.connection, name).await {
            Ok(found) => Ok(found),
            Err(failure) => Err(self.explained(READ, name, failure).await),
        }
    }

    async fn stat(&self, name: &ObjectName) -> Result<Option<Stored>, ObjectError> {
        match read::stat(&self.connection, name).await {
            Ok(stored) => Ok(Some(stored)),
            Err(failure) => match self.explained(READ, name, failure).await {
                ObjectError::NotFound { .. } => Ok(None),
                error => Err(error),
            },
        }
    }

    fn location(&self, name: &ObjectName) -> String {
        format!("{}/{name}", self.destination())
    }

    fn destination(&self) -> String {
        format!("gs://{}", self.connection.bucket)
    }

    async fn ping(&self) -> Result<(), ObjectError> {
        match ping::ping(&self.connection).await {
            Ok(()) => Ok(()),
            Err(failure) if failure.is_not_found() => Err(ObjectError::NoBucket {
                destination: self.destination(),
            }),
            Err(failure) => {
                Err(failure.into_error(self.destination(), WRITE, &ObjectName::probe()))
            }
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

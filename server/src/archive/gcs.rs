//! Objects in a bucket of Google Cloud Storage.
//!
//! Objects are read through Google's own library, which resumes a broken download and compares its
//! checksum. Everything else is a handful of requests to the JSON API, made here: that library
//! offers copying and deleting only over gRPC, and its upload of a source that cannot be rewound
//! (1.21) drops a chunk whose connection breaks, and repeats the wrong bytes where the store has
//! kept only a part of one. Its credentials are used for all of them.

use std::fmt;

use async_trait::async_trait;

use super::{ByteStream, Label, ObjectError, ObjectName, ObjectStore, Stored};
use crate::config::GcsConfig;
use connect::Connection;
pub use connect::GcsOpenError;
use copy::Uncopied;
use failure::Failure;
pub use patience::Patience;

mod chunks;
mod connect;
mod copy;
mod download;
mod failure;
mod patience;
mod permissions;
mod requests;
mod resource;
mod session;
mod upload;

/// A bucket. Its guarantees are in the documentation of [`ObjectStore`].
///
/// An upload holds one chunk of 8 MiB and what its connection has buffered of it; a download holds
/// a piece.
pub struct GcsBucket {
    connection: Connection,
}

const WRITE: &str = "write";
const READ: &str = "read";
const RENAME: &str = "rename";
const DELETE: &str = "delete";

impl GcsBucket {
    /// Prepares the use of the bucket, inside a Tokio runtime. Nothing is asked of Google yet, so
    /// that a server starts while the network is away.
    pub fn open(config: &GcsConfig) -> Result<Self, GcsOpenError> {
        Self::open_with(config, Patience::default())
    }

    /// The same, with other deadlines.
    pub fn open_with(config: &GcsConfig, patience: Patience) -> Result<Self, GcsOpenError> {
        Ok(Self {
            connection: Connection::new(config, patience)?,
        })
    }

    /// What a failure is to somebody who can do something about it.
    async fn explained(
        &self,
        operation: &'static str,
        name: &ObjectName,
        failure: Failure,
    ) -> ObjectError {
        // For a new object nothing else can be missing.
        let missing = failure.is_not_found()
            && (operation == WRITE || self.connection.bucket_is_missing().await);
        if missing {
            return ObjectError::NoBucket {
                destination: self.destination(),
            };
        }
        let silence = self.connection.patience.silence();
        failure.into_error(self.destination(), operation, name, silence)
    }
}

#[async_trait]
impl ObjectStore for GcsBucket {
    async fn write(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError> {
        match upload::upload(&self.connection, name, content).await {
            Ok(stored) => Ok(stored),
            Err(failure) => Err(self.explained(WRITE, name, failure).await),
        }
    }

    async fn read(&self, name: &ObjectName) -> Result<ByteStream, ObjectError> {
        let (content, _) = self.read_generation(name).await?;
        Ok(content)
    }

    async fn read_generation(
        &self,
        name: &ObjectName,
    ) -> Result<(ByteStream, Option<i64>), ObjectError> {
        match download::download(&self.connection, name).await {
            Ok((content, generation)) => Ok((content, Some(generation))),
            Err(failure) => Err(self.explained(READ, name, failure).await),
        }
    }

    async fn stat(&self, name: &ObjectName) -> Result<Option<Stored>, ObjectError> {
        match self.connection.stat(name).await {
            Ok(found) => Ok(found),
            Err(failure) => Err(self.explained(READ, name, failure).await),
        }
    }

    async fn rename(
        &self,
        from: &ObjectName,
        generation: i64,
        to: &ObjectName,
        labels: &[Label],
    ) -> Result<Stored, ObjectError> {
        let copied = copy::copy(&self.connection, from, generation, to, labels).await;
        let stored = match copied {
            Ok(stored) => stored,
            Err(uncopied) => {
                let Uncopied { about, failure, .. } = uncopied;
                let error = self.explained(RENAME, about, failure).await;
                return Err(match uncopied.open {
                    true => ObjectError::Unsettled(error.into()),
                    false => error,
                });
            }
        };
        // The name is given. What stays behind under the run's own name harms nobody.
        let deleted = self.connection.delete(from, Some(generation)).await;
        if let Err(failure) = deleted {
            tracing::warn!(?failure, %from, "an archive's first copy could not be removed");
        }
        Ok(stored)
    }

    async fn delete(&self, name: &ObjectName) -> Result<(), ObjectError> {
        match self.connection.delete(name, None).await {
            Ok(()) => Ok(()),
            Err(failure) => match self.explained(DELETE, name, failure).await {
                ObjectError::NotFound { .. } => Ok(()),
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
        permissions::check(&self.connection, &self.destination()).await
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

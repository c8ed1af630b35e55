//! Where archives are kept.

use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::io;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use futures::stream::BoxStream;
use thiserror::Error;

use super::Tally;

/// An object's content, piece by piece. An error in the middle ends the write without an object.
pub type ByteStream = BoxStream<'static, Result<Bytes, io::Error>>;

/// What the store says about an object that it has written.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub bytes: u64,
    /// Grows with every write of the same name.
    pub generation: i64,
    /// The CRC32C of what is stored, where the store computes one by itself.
    pub crc32c: Option<u32>,
}

/// Something that an object says about itself, where the store keeps such a thing: a key of
/// lower-case letters and `-`, and its value.
pub type Label = (&'static str, String);

/// Holds objects under names. `Display` names the backend for people ("local folder").
///
/// What each store guarantees about a name:
///
/// | | local folder | Cloud Storage |
/// | --- | --- | --- |
/// | an object appears whole or not at all | written beside its place, synced, moved there; a staged one is synced before its rename | a resumable upload is no object until its last chunk is confirmed, with a checksum that the store compares |
/// | `rename` replaces in one step | the file system's rename | a copy inside the store of exactly the generation that was verified, on the condition that the target is still what was there before; then `from` is removed |
/// | `rename` replaces what nobody else has written meanwhile | between processes not: the last rename wins | yes: else [`ObjectError::Changed`] and nothing is replaced |
/// | after a failed `rename` | the target is as it was; after [`ObjectError::Unsettled`] it is the verified object, which a power failure may undo | the target is as it was; after [`ObjectError::Unsettled`] it may be the verified copy, never a part of one |
#[async_trait]
pub trait ObjectStore: Debug + Display + Send + Sync + 'static {
    /// Writes the whole object or nothing: an earlier object of that name stays until the new one
    /// is complete and durable, and it stays when `content` fails or the future is dropped, unless
    /// the new one was just being completed.
    async fn write(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError>;

    /// Writes an object that nobody is told about before it has been renamed: as
    /// [`ObjectStore::write`] does, but until [`ObjectStore::rename`] returns a power failure may
    /// undo it, or leave a part of it. It can be read back while it is still on its way to the disk.
    async fn stage(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError> {
        self.write(name, content).await
    }

    /// Whether [`ObjectStore::stage`] waits for the content on a thread that does nothing else
    /// meanwhile, so that this thread may be moved to another processor.
    fn waits_on_a_thread(&self) -> bool {
        false
    }

    /// The object's content; [`ObjectError::NotFound`] if there is none.
    async fn read(&self, name: &ObjectName) -> Result<ByteStream, ObjectError>;

    /// Counts the object's content without holding it: every byte of it is read for that. The inner
    /// error is of one that broke off.
    async fn count(&self, name: &ObjectName) -> Result<io::Result<Tally>, ObjectError> {
        Ok(Tally::of(self.read(name).await?).await)
    }

    /// The content, with the generation of what is read, where that changes with every write and with
    /// nothing else. That of a file does not: it is a time, which a copy or a backup sets anew.
    async fn read_generation(
        &self,
        name: &ObjectName,
    ) -> Result<(ByteStream, Option<i64>), ObjectError> {
        Ok((self.read(name).await?, None))
    }

    /// What the store says about the object; `None` if there is none.
    async fn stat(&self, name: &ObjectName) -> Result<Option<Stored>, ObjectError>;

    /// Gives the object `from` the name `to`, with these labels, replacing what was there in one
    /// step; `from` is gone afterwards. [`ObjectError::Changed`] if `from` is no longer that
    /// `generation`: what was verified is what gets the name, or nothing does.
    async fn rename(
        &self,
        from: &ObjectName,
        generation: i64,
        to: &ObjectName,
        labels: &[Label],
    ) -> Result<Stored, ObjectError>;

    /// Removes the object; no error if there is none.
    async fn delete(&self, name: &ObjectName) -> Result<(), ObjectError>;

    /// Where the object is or would be, for people.
    fn location(&self, name: &ObjectName) -> String;

    /// Where all objects go, for people.
    fn destination(&self) -> String;

    /// Returns when the store has shown that it can be written to.
    async fn ping(&self) -> Result<(), ObjectError>;
}

/// A failed operation on an object. The cause is for the log, never for the browser, which is told
/// by [`ObjectError::for_people`].
#[derive(Debug, Error)]
pub enum ObjectError {
    #[error("{name} is not in the archive")]
    NotFound { name: ObjectName },
    #[error("the content of {name} could not be read")]
    Content { name: ObjectName, source: io::Error },
    #[error("{name} was changed by somebody else meanwhile: archive again")]
    Changed { name: ObjectName },
    #[error(
        "no permission on {destination}: grant the role roles/storage.objectUser on it to the account that this server runs as"
    )]
    Forbidden {
        destination: String,
        source: Box<dyn Error + Send + Sync>,
    },
    #[error("there is no {destination}: create it, or set GCS_BUCKET_NAME to a bucket that exists")]
    NoBucket { destination: String },
    #[error(
        "no usable credentials for {destination}: run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's key"
    )]
    Credentials {
        destination: String,
        source: Box<dyn Error + Send + Sync>,
    },
    #[error(
        "{destination} does not answer: {operation} {name} was given up after {silence:?} of silence"
    )]
    Silent {
        destination: String,
        operation: &'static str,
        name: ObjectName,
        silence: Duration,
    },
    #[error("{destination} is not available: {operation} {name} failed")]
    Unavailable {
        destination: String,
        operation: &'static str,
        name: ObjectName,
        /// Why, for people, without secrets; not in `Display`, behind which logs give the cause.
        reason: String,
        source: Box<dyn Error + Send + Sync>,
    },
    /// A rename may have been carried out, or have been and not last, but this came before it was
    /// certain.
    #[error("{0}")]
    Unsettled(#[source] Box<ObjectError>),
}

impl ObjectError {
    /// What happened and why, as far as it may be told.
    pub fn for_people(&self) -> String {
        match self {
            Self::Unavailable { reason, .. } => format!("{self}, {reason}"),
            Self::Unsettled(error) => error.for_people(),
            _ => self.to_string(),
        }
    }
}

/// A relative object name of plain parts: it can never leave the folder or bucket it is used in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectName(String);

/// The text cannot name an object.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "an object name has parts of letters, digits, '-', '_' and '.', joined by '/'; no part starts with '.'"
)]
pub struct BadObjectName;

impl ObjectName {
    /// Accepts names whose parts are not empty, do not start with a dot, and hold only ASCII
    /// letters, digits, `-`, `_` and `.`; at most 512 bytes.
    pub fn new(name: impl Into<String>) -> Result<Self, BadObjectName> {
        let name = name.into();
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if name.len() <= 512 && name.split('/').all(plain) {
            Ok(Self(name))
        } else {
            Err(BadObjectName)
        }
    }

    /// Named when it is the store as a whole that does not answer.
    pub(super) fn probe() -> Self {
        Self("probe".to_owned())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "a/../b",
            "a//b",
            "a/",
            "a/.hidden",
            "a\\b",
            "a b",
            "ä",
            "a\0b",
        ] {
            assert_eq!(ObjectName::new(name), Err(BadObjectName), "{name:?}");
        }
        assert!(ObjectName::new("a/".repeat(300) + "a").is_err());
    }

    #[test]
    fn names_of_archives_are_accepted() {
        let name = "shopstream/orders/2026/10/31/orders_export.jsonl";
        assert_eq!(
            ObjectName::new(name)
                .map(|name| name.to_string())
                .as_deref(),
            Ok(name)
        );
    }
}

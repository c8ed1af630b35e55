//! Where archives are kept.

use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::io;

use async_trait::async_trait;
use axum::body::Bytes;
use futures::stream::BoxStream;
use thiserror::Error;

/// An object's content, piece by piece. An error in the middle ends the write without an object.
pub type ByteStream = BoxStream<'static, Result<Bytes, io::Error>>;

/// What the store says about an object that it has written.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub bytes: u64,
    /// Grows with every write of the same name.
    pub generation: i64,
}

/// Holds objects under names. `Display` names the backend for people ("local folder").
#[async_trait]
pub trait ObjectStore: Debug + Display + Send + Sync + 'static {
    /// Writes the whole object or nothing: an earlier object of that name stays until the new one
    /// is complete and durable, and it stays when `content` fails or the future is dropped.
    async fn write(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError>;

    /// The object's content; [`ObjectError::NotFound`] if there is none.
    async fn read(&self, name: &ObjectName) -> Result<ByteStream, ObjectError>;

    /// Gives the object `from` the name `to`, replacing what was there, in one step; `from` is
    /// gone afterwards.
    async fn rename(&self, from: &ObjectName, to: &ObjectName) -> Result<Stored, ObjectError>;

    /// Removes the object; no error if there is none.
    async fn delete(&self, name: &ObjectName) -> Result<(), ObjectError>;

    /// Where the object is or would be, for people.
    fn location(&self, name: &ObjectName) -> String;

    /// Where all objects go, for people.
    fn destination(&self) -> String;

    /// Returns when the store has shown that it can be written to.
    async fn ping(&self) -> Result<(), ObjectError>;
}

/// A failed operation on an object. The cause is for the log, never for the browser.
#[derive(Debug, Error)]
pub enum ObjectError {
    #[error("{name} is not in the archive")]
    NotFound { name: ObjectName },
    #[error("the content of {name} could not be read")]
    Content { name: ObjectName, source: io::Error },
    #[error("{destination} is not available: {operation} {name} failed")]
    Unavailable {
        destination: String,
        operation: &'static str,
        name: ObjectName,
        source: Box<dyn Error + Send + Sync>,
    },
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

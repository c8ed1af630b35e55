//! Where archives are kept.

use std::fmt::{Debug, Display};
use std::fs::File;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

mod digest;
mod errors;
pub mod gcs;
pub mod local;
mod name;

pub use digest::Digest;
pub use errors::ObjectError;
pub use name::{BadObjectName, ObjectName};

/// An object's content, piece by piece. An error in the middle means that the rest is missing.
pub type ByteStream = BoxStream<'static, Result<Bytes, ObjectError>>;

/// What is stored. A file is read from its start, whatever its position, and can be read again
/// after a fault.
#[derive(Debug)]
pub enum Content {
    Bytes(Bytes),
    /// The file, and what it holds.
    File(File, Digest),
}

/// What happens to an object that has the name already.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PutMode {
    /// It stays, and the call fails with [`ObjectError::AlreadyExists`].
    Create,
    /// It is replaced in one step.
    Replace,
}

/// Holds objects under names. `Display` names the backend for people ("local folder").
///
/// An object appears under its name whole or not at all, and is durable then. There is no way to
/// delete one.
#[async_trait]
pub trait ObjectStore: Debug + Display + Send + Sync + 'static {
    /// Stores the content under `name`. After a failure, or when the future is dropped, either
    /// nothing has changed or the whole object is there.
    ///
    /// A store that is retried after a lost answer may say [`ObjectError::AlreadyExists`] of an
    /// object that this very call has created.
    async fn put(
        &self,
        name: &ObjectName,
        content: Content,
        mode: PutMode,
    ) -> Result<(), ObjectError>;

    /// The object's content and the store's number for this version of it;
    /// [`ObjectError::NotFound`] if there is none.
    async fn read(&self, name: &ObjectName) -> Result<(ByteStream, i64), ObjectError>;

    /// Where the object is or would be, for people: a `gs://` address or a path.
    fn location(&self, name: &ObjectName) -> String;

    /// Where all objects go, for people.
    fn destination(&self) -> String;

    /// Returns when the store has answered.
    async fn ping(&self) -> Result<(), ObjectError>;
}

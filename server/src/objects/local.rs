//! Objects as files under one folder.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, TryFutureExt};
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

use super::{ByteStream, Content, ObjectError, ObjectName, ObjectStore, PutMode, Stored};
use errors::reason;
use folder::Folder;

mod errors;
mod folder;
mod temporary;

/// Content is read and written in pieces of this size.
const PIECE_BYTES: usize = 256 << 10;

const READ: &str = "read";
const WRITE: &str = "write";

/// Objects as files under one folder. A file's modification time in microseconds is its
/// generation.
#[derive(Debug)]
pub struct LocalFolder {
    folder: Arc<Folder>,
}

impl LocalFolder {
    /// Opens the folder, or creates it, and removes the unfinished files of writers that were
    /// killed.
    pub async fn open(root: &Path) -> io::Result<Self> {
        let root = root.to_owned();
        let folder = spawn_blocking(move || Folder::open(&root)).await??;
        Ok(Self {
            folder: Arc::new(folder),
        })
    }

    /// Runs `work` on a thread that may block. The work goes on when this future is dropped.
    async fn blocking<T: Send + 'static>(
        &self,
        operation: &'static str,
        name: &ObjectName,
        work: impl FnOnce(&Folder, &ObjectName) -> io::Result<T> + Send + 'static,
    ) -> Result<T, ObjectError> {
        let folder = Arc::clone(&self.folder);
        let owned = name.clone();
        spawn_blocking(move || work(&folder, &owned))
            .unwrap_or_else(|ended| Err(ended.into()))
            .await
            .map_err(|error| self.failed(operation, name, error))
    }

    fn failed(&self, operation: &'static str, name: &ObjectName, error: io::Error) -> ObjectError {
        let name = name.clone();
        match (operation, error.kind()) {
            (READ, io::ErrorKind::NotFound) => ObjectError::NotFound { name },
            (WRITE, io::ErrorKind::AlreadyExists) => ObjectError::AlreadyExists { name },
            _ => ObjectError::Unavailable {
                destination: self.destination(),
                attempt: format!("{operation} {name}"),
                reason: reason(&error),
                source: error.into(),
            },
        }
    }
}

#[async_trait]
impl ObjectStore for LocalFolder {
    async fn put(
        &self,
        name: &ObjectName,
        content: Content,
        mode: PutMode,
    ) -> Result<Stored, ObjectError> {
        self.blocking(WRITE, name, move |folder, name| {
            folder.put(name, content, mode)
        })
        .await
    }

    async fn read(&self, name: &ObjectName) -> Result<(ByteStream, i64), ObjectError> {
        let (file, generation) = self.blocking(READ, name, Folder::read).await?;
        let pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(file), PIECE_BYTES);
        Ok((pieces.boxed(), generation))
    }

    async fn stat(&self, name: &ObjectName) -> Result<Option<Stored>, ObjectError> {
        match self.blocking(READ, name, Folder::stat).await {
            Err(ObjectError::NotFound { .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    fn location(&self, name: &ObjectName) -> String {
        self.folder.path(name).display().to_string()
    }

    fn destination(&self) -> String {
        self.folder.root().display().to_string()
    }

    async fn ping(&self) -> Result<(), ObjectError> {
        let create = |folder: &Folder, _: &ObjectName| folder.temporary().map(drop);
        self.blocking(WRITE, &ObjectName::probe(), create).await
    }
}

impl fmt::Display for LocalFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("local folder")
    }
}

//! Objects as files under one folder.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use futures::{StreamExt, TryFutureExt, TryStreamExt};
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

use super::{ByteStream, Content, ObjectError, ObjectName, ObjectStore, PutMode};
use errors::reason;

mod errors;
mod files;

/// Content is read and written in pieces of this size.
const PIECE_BYTES: usize = 256 << 10;

/// Objects as files under one folder. A file's modification time in microseconds is its
/// generation.
#[derive(Debug)]
pub struct LocalFolder {
    /// Without symbolic links.
    root: PathBuf,
}

impl LocalFolder {
    /// Opens the folder, or creates it, and removes the unfinished files of writers that were
    /// killed.
    pub async fn open(root: &Path) -> io::Result<Self> {
        let root = root.to_owned();
        let root = spawn_blocking(move || files::open(&root)).await??;
        Ok(Self { root })
    }

    /// Runs `work` on a thread that may block. The work goes on when this future is dropped.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let root = self.root.clone();
        spawn_blocking(move || work(&root))
            .unwrap_or_else(|ended| Err(ended.into()))
            .await
    }

    fn path(&self, name: &ObjectName) -> PathBuf {
        self.root.join(name.as_str())
    }

    /// For all reasons but those that have an outcome of their own.
    fn unavailable(&self, attempt: String) -> impl Fn(io::Error) -> ObjectError + use<> {
        let destination = self.destination();
        move |error| ObjectError::Unavailable {
            destination: destination.clone(),
            attempt: attempt.clone(),
            reason: reason(&error),
            source: error.into(),
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
    ) -> Result<(), ObjectError> {
        let path = self.path(name);
        let put = self.blocking(move |root| files::put(root, &path, content, mode));
        put.await.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => ObjectError::AlreadyExists { name: name.clone() },
            _ => self.unavailable(format!("write {name}"))(error),
        })
    }

    async fn read(&self, name: &ObjectName) -> Result<(ByteStream, i64), ObjectError> {
        let (path, unavailable) = (self.path(name), self.unavailable(format!("read {name}")));
        let read = self.blocking(move |root| files::read(root, &path)).await;
        let (file, generation) = read.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ObjectError::NotFound { name: name.clone() },
            _ => unavailable(error),
        })?;
        let pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(file), PIECE_BYTES);
        Ok((pieces.map_err(unavailable).boxed(), generation))
    }

    fn location(&self, name: &ObjectName) -> String {
        self.path(name).display().to_string()
    }

    fn destination(&self) -> String {
        self.root.display().to_string()
    }

    async fn ping(&self) -> Result<(), ObjectError> {
        let created = self.blocking(|root| files::temporary(root).map(drop));
        created.await.map_err(self.unavailable("ping".to_owned()))
    }
}

impl fmt::Display for LocalFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("local folder")
    }
}

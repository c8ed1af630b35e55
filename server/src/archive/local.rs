//! Objects as files under one folder.

use std::fmt;
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::{ByteStream, Label, ObjectError, ObjectName, ObjectStore, Stored, Tally};
use folder::Folder;
use pieces::Pieces;
use reason::reason;
use temporary::Temporary;

mod count;
mod folder;
mod pieces;
mod read;
mod reason;
mod staged;
mod syncing;
mod temporary;
mod write;

/// Content is read and written in pieces of so many bytes.
const PIECE: usize = 256 << 10;
/// How the content of an object gets into the folder.
type Writer = fn(&Folder, &ObjectName, &mut Pieces) -> io::Result<Stored>;

/// Objects as files under one folder. An object appears under its name only when it is complete
/// and, unless it is staged, on the disk; its generation is the file's modification time in
/// microseconds.
pub struct LocalFolder {
    folder: Arc<Folder>,
}

impl LocalFolder {
    /// Opens the folder, or creates it, and removes what writers that were killed have left in it;
    /// files that another process is writing stay.
    pub async fn open(root: &Path) -> io::Result<Self> {
        let root = root.to_owned();
        let folder = spawn_blocking(move || {
            let folder = Folder::open(&root)?;
            temporary::remove_leftovers(folder.root())?;
            Ok::<_, io::Error>(folder)
        })
        .await??;
        Ok(Self {
            folder: Arc::new(folder),
        })
    }

    /// Does `work` where it may block.
    async fn blocking<T: Send + 'static>(
        &self,
        operation: &'static str,
        name: &ObjectName,
        work: impl FnOnce(&Folder, &ObjectName) -> io::Result<T> + Send + 'static,
    ) -> Result<T, ObjectError> {
        let folder = Arc::clone(&self.folder);
        let owned = name.clone();
        let done = spawn_blocking(move || work(&folder, &owned)).await;
        let done = done.unwrap_or_else(|ended| match ended.try_into_panic() {
            // A fault of ours, which is no failure of the folder.
            Ok(fault) => resume_unwind(fault),
            Err(ended) => Err(ended.into()),
        });
        done.map_err(|error| self.failed(operation, name, error))
    }

    /// Hands the content to `writer`, where it may block.
    async fn write_with(
        &self,
        writer: Writer,
        name: &ObjectName,
        content: ByteStream,
    ) -> Result<Stored, ObjectError> {
        // The writer ends by itself, and cleans up, when this future is dropped.
        let unwanted = CancellationToken::new();
        let _wanted = unwanted.clone().drop_guard();
        let mut pieces = Pieces::of(content, unwanted);
        let written = self.blocking(WRITE, name, move |folder, name| {
            let stored = writer(folder, name, &mut pieces);
            match pieces.failed.take() {
                Some(failed) => Ok(Err(failed)),
                None => stored.map(Ok),
            }
        });
        written.await?.map_err(|source| ObjectError::Content {
            name: name.clone(),
            source,
        })
    }

    fn failed(&self, operation: &'static str, name: &ObjectName, error: io::Error) -> ObjectError {
        let name = name.clone();
        match (error.kind(), operation) {
            (io::ErrorKind::NotFound, READ | RENAME) => ObjectError::NotFound { name },
            _ => ObjectError::Unavailable {
                destination: self.destination(),
                operation,
                name,
                reason: reason(&error),
                source: error.into(),
            },
        }
    }
}

const READ: &str = "read";
const RENAME: &str = "rename";
const WRITE: &str = "write";

#[async_trait]
impl ObjectStore for LocalFolder {
    async fn write(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError> {
        self.write_with(write::write, name, content).await
    }

    async fn stage(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError> {
        self.write_with(write::stage, name, content).await
    }

    fn waits_on_a_thread(&self) -> bool {
        true
    }

    async fn read(&self, name: &ObjectName) -> Result<ByteStream, ObjectError> {
        let file = self.blocking(READ, name, Folder::open_object).await?;
        Ok(read::content(file))
    }

    async fn count(&self, name: &ObjectName) -> Result<io::Result<Tally>, ObjectError> {
        let opened = self.blocking(READ, name, Folder::open_twice).await?;
        Ok(count::count(opened).await)
    }

    async fn stat(&self, name: &ObjectName) -> Result<Option<Stored>, ObjectError> {
        match self.blocking(READ, name, Folder::stat).await {
            Err(ObjectError::NotFound { .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    /// Files carry no labels.
    async fn rename(
        &self,
        from: &ObjectName,
        generation: i64,
        to: &ObjectName,
        _labels: &[Label],
    ) -> Result<Stored, ObjectError> {
        let to = to.clone();
        let renamed = self.blocking(RENAME, from, move |folder, from| {
            folder.staged.end(from)?;
            let source = folder.existing(from)?;
            if Folder::generation(&source)? != generation {
                return Ok(None);
            }
            let target = folder.prepared(&to)?;
            match folder.place(&source, &target) {
                Ok(stored) => Ok(Some(Ok(stored))),
                // It has moved, but perhaps not for good.
                Err(error) if !source.try_exists().unwrap_or(true) => Ok(Some(Err(error))),
                Err(error) => Err(error),
            }
        });
        let name = from.clone();
        let placed = renamed.await?.ok_or(ObjectError::Changed { name })?;
        placed.map_err(|error| {
            let error = self.failed(RENAME, from, io::Error::other(error));
            ObjectError::Unsettled(error.into())
        })
    }

    async fn delete(&self, name: &ObjectName) -> Result<(), ObjectError> {
        self.blocking("delete", name, Folder::delete).await
    }

    fn location(&self, name: &ObjectName) -> String {
        self.folder.path(name).display().to_string()
    }

    fn destination(&self) -> String {
        self.folder.root().display().to_string()
    }

    async fn ping(&self) -> Result<(), ObjectError> {
        self.blocking(WRITE, &ObjectName::probe(), |folder, _| {
            Temporary::create(folder.root()).map(drop)
        })
        .await
    }
}

impl fmt::Display for LocalFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("local folder")
    }
}

impl fmt::Debug for LocalFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalFolder")
            .field(&self.folder.root())
            .finish()
    }
}

//! An export on its way: a file without a name, which is gone when the process ends.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use tokio::task::spawn_blocking;

use super::errors::ArchiveError;
use crate::objects::{Content, Digest, ObjectName, ObjectStore};

/// What was written so far, and its digest.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    file: Arc<File>,
    digest: Digest,
}

impl Spool {
    /// An empty file in `folder`, which is made if need be.
    pub async fn create(folder: &Path) -> Result<Self, ArchiveError> {
        let path = folder.to_owned();
        let created = blocking(folder, move || {
            fs::create_dir_all(&path)?;
            tempfile::tempfile_in(path)
        });
        Ok(Self {
            folder: folder.to_owned(),
            file: Arc::new(created.await?),
            digest: Digest::default(),
        })
    }

    /// Downloads an object.
    pub async fn fetch(
        folder: &Path,
        objects: &dyn ObjectStore,
        name: &ObjectName,
    ) -> Result<Self, ArchiveError> {
        let what = "the run's own object";
        let read = objects.read(name).await;
        let (mut content, _) = read.map_err(ArchiveError::object(what, "read"))?;
        let mut spool = Self::create(folder).await?;
        while let Some(piece) = content
            .try_next()
            .await
            .map_err(ArchiveError::object(what, "read"))?
        {
            spool.write(piece).await?;
        }
        Ok(spool)
    }

    /// Adds the next bytes.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), ArchiveError> {
        let (file, mut digest) = (Arc::clone(&self.file), self.digest);
        let written = blocking(&self.folder, move || {
            file.as_ref().write_all(&bytes)?;
            digest.add(&bytes);
            Ok(digest)
        });
        self.digest = written.await?;
        Ok(())
    }

    /// Of all that was written.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What is to be stored; can be asked for again.
    pub fn content(&self) -> Result<Content, ArchiveError> {
        let file = self.file.try_clone().map_err(failed(&self.folder))?;
        Ok(Content::File(file, self.digest))
    }
}

async fn blocking<T: Send + 'static>(
    folder: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ArchiveError> {
    let done = spawn_blocking(work).await;
    done.map_err(|_| ArchiveError::Fault)?
        .map_err(failed(folder))
}

fn failed(folder: &Path) -> impl FnOnce(io::Error) -> ArchiveError {
    let folder = folder.to_owned();
    move |source| ArchiveError::Spool { folder, source }
}

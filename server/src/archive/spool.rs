//! An export on its way: a file without a name, which is gone when the process ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::TryStreamExt;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::errors::ArchiveError;
use crate::objects::{Content, Digest, ObjectName, ObjectStore};

/// What was written so far, and its digest.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    file: File,
    digest: Digest,
}

impl Spool {
    /// An empty file in `folder`, which is made if need be.
    pub fn create(folder: &Path) -> Result<Self, ArchiveError> {
        let file = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        Ok(Self {
            folder: folder.to_owned(),
            file: File::from_std(file.map_err(failed(folder))?),
            digest: Digest::default(),
        })
    }

    /// Downloads an object.
    pub async fn fetch(
        folder: &Path,
        objects: &dyn ObjectStore,
        name: &ObjectName,
    ) -> Result<Self, ArchiveError> {
        let failed = || ArchiveError::object("the run's own object", "read");
        let (mut content, _) = objects.read(name).await.map_err(failed())?;
        let mut spool = Self::create(folder)?;
        while let Some(piece) = content.try_next().await.map_err(failed())? {
            spool.write(piece).await?;
        }
        Ok(spool)
    }

    /// Adds the next bytes.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), ArchiveError> {
        self.digest.add(&bytes);
        let written = async {
            self.file.write_all(&bytes).await?;
            // Else a full disk would be noticed with the next bytes, which may never come.
            self.file.flush().await
        };
        written.await.map_err(failed(&self.folder))
    }

    /// Of all that was written.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What is to be stored; can be asked for again.
    pub async fn content(&self) -> Result<Content, ArchiveError> {
        let file = self.file.try_clone().await.map_err(failed(&self.folder))?;
        Ok(Content::File(file.into_std().await, self.digest))
    }
}

fn failed(folder: &Path) -> impl FnOnce(io::Error) -> ArchiveError {
    let folder = folder.to_owned();
    move |source| ArchiveError::Spool { folder, source }
}

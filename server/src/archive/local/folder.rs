//! Where under the root an object is, and how it gets there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::count::Opened;
use super::staged::Staged;
use crate::archive::{ObjectName, Stored};

/// The folder under which all objects are. No operation leaves it, not even where somebody has
/// put a symbolic link in the way.
pub struct Folder {
    /// Without symbolic links.
    root: PathBuf,
    /// The highest generation given so far; held while a file is put in its place, so that the
    /// order of generations is that of the files.
    generation: Mutex<i64>,
    pub staged: Staged,
}

impl Folder {
    /// Opens the folder, or creates it with its parents.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self {
            root: root.canonicalize()?,
            generation: Mutex::new(0),
            staged: Staged::default(),
        })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The object's file, there or not.
    pub fn path(&self, name: &ObjectName) -> PathBuf {
        self.root.join(name.as_str())
    }

    /// The object's path, once all folders above it are there.
    pub fn prepared(&self, name: &ObjectName) -> io::Result<PathBuf> {
        let path = self.path(name);
        let mut parents: Vec<&Path> = path
            .ancestors()
            .skip(1)
            .take_while(|parent| *parent != self.root)
            .collect();
        while let Some(parent) = parents.pop() {
            match fs::create_dir(parent) {
                Ok(()) => sync_parent(parent)?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                // Not "not found": what is missing is not the object.
                Err(error) => return Err(io::Error::other(error)),
            }
            self.check(parent).map_err(io::Error::other)?;
        }
        Ok(path)
    }

    /// The path of an object that is there; [`io::ErrorKind::NotFound`] if it is not.
    pub fn existing(&self, name: &ObjectName) -> io::Result<PathBuf> {
        if !self.root.is_dir() {
            return Err(io::Error::other("the folder is gone"));
        }
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            self.check(parent)?;
        }
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::other("what stands there is not a file"));
        }
        Ok(path)
    }

    /// What there is to say about an object that is there.
    pub fn stat(&self, name: &ObjectName) -> io::Result<Stored> {
        let metadata = fs::symlink_metadata(self.existing(name)?)?;
        Ok(Stored {
            bytes: metadata.len(),
            generation: microseconds(metadata.modified()?),
            crc32c: None,
        })
    }

    /// Opens an object that is there.
    pub fn open_object(&self, name: &ObjectName) -> io::Result<File> {
        File::open(self.existing(name)?)
    }

    /// The same for two who read it at once.
    pub fn open_twice(&self, name: &ObjectName) -> io::Result<Opened> {
        let twice = [self.open_object(name)?, self.open_object(name)?];
        let [first, second] = [twice[0].metadata()?, twice[1].metadata()?];
        if first.modified()? != second.modified()? {
            return Err(io::Error::other("it was replaced while it was opened"));
        }
        let length = first.len();
        Ok(Opened { twice, length })
    }

    /// Removes the object; no error if there is none.
    pub fn delete(&self, name: &ObjectName) -> io::Result<()> {
        self.staged.forget(name);
        let removed = self.existing(name).and_then(|path| {
            fs::remove_file(&path)?;
            sync_parent(&path)
        });
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Puts the file `source` in the place of `target`, in one step and for good, with a
    /// generation that is higher than any before.
    pub fn place(&self, source: &Path, target: &Path) -> io::Result<Stored> {
        let stored = self.put(source, target, File::sync_all)?;
        sync_parent(target)?;
        if source.parent() != target.parent() {
            sync_parent(source)?;
        }
        Ok(stored)
    }

    /// The same, but a power failure may undo it unless `settle` sees to it that the file is on the
    /// disk, and the folder is synced afterwards.
    pub fn put(
        &self,
        source: &Path,
        target: &Path,
        settle: impl FnOnce(&File) -> io::Result<()>,
    ) -> io::Result<Stored> {
        let mut last = self
            .generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let before = match fs::symlink_metadata(target) {
            Ok(metadata) => microseconds(metadata.modified()?),
            Err(_) => 0,
        };
        let file = File::options().write(true).open(source)?;
        let metadata = file.metadata()?;
        let floor = before.max(*last);
        let mut generation = microseconds(metadata.modified()?);
        if generation <= floor {
            // Two writes within one tick of the file system's clock, or a clock set back.
            generation = floor + 1;
            let time = Duration::from_micros(generation.unsigned_abs());
            file.set_modified(SystemTime::UNIX_EPOCH + time)?;
        }
        settle(&file)?;
        fs::rename(source, target)?;
        *last = generation;
        Ok(Stored {
            bytes: metadata.len(),
            generation,
            crc32c: None,
        })
    }

    /// Which write of its name the file at `path` is.
    pub fn generation(path: &Path) -> io::Result<i64> {
        Ok(microseconds(fs::symlink_metadata(path)?.modified()?))
    }

    /// Refuses a folder that a symbolic link has taken out of the root.
    fn check(&self, folder: &Path) -> io::Result<()> {
        if folder.canonicalize()?.starts_with(&self.root) {
            return Ok(());
        }
        Err(io::Error::other(
            "a symbolic link leads out of the archive's folder",
        ))
    }
}

/// Makes it last that a file or folder has got its name, or lost it.
fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// Times before 1970 count as 1970.
fn microseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as i64)
}

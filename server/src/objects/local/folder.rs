//! Where under the root an object is, and how it gets there.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::PIECE_BYTES;
use super::temporary;
use crate::objects::{Content, Digest, ObjectName, PutMode, Stored};

/// Files that are being written are in here. No part of an object's name starts with a dot.
const TEMPORARY: &str = ".writing";

/// The folder that holds all objects. No operation leaves it, not even through symbolic links.
#[derive(Debug)]
pub struct Folder {
    /// Without symbolic links.
    root: PathBuf,
    /// Held while a file is moved to its place, so that generations grow in the order of the moves.
    moving: Mutex<()>,
}

impl Folder {
    /// Opens the folder, or creates it with its parents, and removes leftovers.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let folder = Self {
            root: root.canonicalize()?,
            moving: Mutex::new(()),
        };
        temporary::remove_leftovers(&folder.temporaries()?)?;
        Ok(folder)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The object's file, there or not.
    pub fn path(&self, name: &ObjectName) -> PathBuf {
        self.root.join(name.as_str())
    }

    /// An empty file that can be moved to any place in the folder.
    pub fn temporary(&self) -> io::Result<NamedTempFile> {
        temporary::create(&self.temporaries()?)
    }

    /// Copies the content to the disk, and then moves it to its place in one step.
    ///
    /// [`ErrorKind::AlreadyExists`] if a file is there that may not be replaced.
    pub fn put(&self, name: &ObjectName, content: Content, mode: PutMode) -> io::Result<Stored> {
        let temporary = self.temporary()?;
        let digest = copy(content, temporary.as_file())?;
        let path = self.prepared(name)?;

        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = newer(temporary.as_file(), &path)?;
        temporary.as_file().sync_all()?;
        match mode {
            PutMode::Create => temporary.persist_noclobber(&path)?,
            PutMode::Replace => temporary.persist(&path)?,
        };
        sync_parent(&path)?;
        Ok(Stored {
            bytes: digest.bytes,
            crc32c: digest.crc32c,
            generation,
        })
    }

    /// Opens an object, and tells its generation; [`ErrorKind::NotFound`] if there is none.
    pub fn read(&self, name: &ObjectName) -> io::Result<(File, i64)> {
        if !self.root.is_dir() {
            return Err(io::Error::other("the folder is gone"));
        }
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            self.check(parent)?;
        }
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::other(
                "there is something else than a file in its place",
            ));
        }
        let file = File::open(path)?;
        let generation = generation(&file.metadata()?)?;
        Ok((file, generation))
    }

    /// Reads the whole object to tell its checksum; [`ErrorKind::NotFound`] if there is none.
    pub fn stat(&self, name: &ObjectName) -> io::Result<Stored> {
        let (file, generation) = self.read(name)?;
        let digest = each_piece(file, |_| Ok(()))?;
        Ok(Stored {
            bytes: digest.bytes,
            crc32c: digest.crc32c,
            generation,
        })
    }

    /// The folder for files that are being written.
    fn temporaries(&self) -> io::Result<PathBuf> {
        let folder = self.root.join(TEMPORARY);
        self.create(&folder)?;
        Ok(folder)
    }

    /// The object's path, once all folders above it are there.
    fn prepared(&self, name: &ObjectName) -> io::Result<PathBuf> {
        let path = self.path(name);
        let mut parents: Vec<&Path> = path
            .ancestors()
            .skip(1)
            .take_while(|parent| *parent != self.root)
            .collect();
        while let Some(parent) = parents.pop() {
            self.create(parent)?;
        }
        Ok(path)
    }

    /// Creates the folder, whose parent is there, unless it exists.
    fn create(&self, folder: &Path) -> io::Result<()> {
        match fs::create_dir(folder) {
            Ok(()) => sync_parent(folder)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        // What exists may be a file.
        match fs::metadata(folder)?.is_dir() {
            true => self.check(folder),
            false => Err(ErrorKind::NotADirectory.into()),
        }
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

/// Writes the content to `target`, and compares it with its digest.
fn copy(content: Content, mut target: &File) -> io::Result<Digest> {
    match content {
        Content::Bytes(bytes) => {
            let mut digest = Digest::default();
            digest.add(&bytes);
            target.write_all(&bytes)?;
            Ok(digest)
        }
        Content::File(mut file, expected) => {
            file.rewind()?;
            let digest = each_piece(file, |piece| target.write_all(piece))?;
            match digest == expected {
                true => Ok(digest),
                false => Err(io::Error::other(
                    "the file to be stored was changed or damaged: try again",
                )),
            }
        }
    }
}

/// Hands on the file's content from its position on, and tells the digest of it.
fn each_piece(mut file: File, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Digest> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut digest = Digest::default();
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(digest),
            Ok(length) => {
                digest.add(&piece[..length]);
                take(&piece[..length])?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Makes `file` newer than the file at `path`, if there is one, and tells its generation. It is
/// not newer by itself after two writes within one tick of the clock, or when the clock was set
/// back.
fn newer(file: &File, path: &Path) -> io::Result<i64> {
    let own = generation(&file.metadata()?)?;
    let Ok(earlier) = fs::symlink_metadata(path) else {
        return Ok(own);
    };
    let next = generation(&earlier)? + 1;
    if own >= next {
        return Ok(own);
    }
    let time = Duration::from_micros(next.unsigned_abs());
    file.set_modified(SystemTime::UNIX_EPOCH + time)?;
    Ok(next)
}

/// The modification time in microseconds; times before 1970 count as 1970.
fn generation(metadata: &fs::Metadata) -> io::Result<i64> {
    let since = metadata.modified()?.duration_since(SystemTime::UNIX_EPOCH);
    Ok(since.map_or(0, |since| since.as_micros() as i64))
}

/// Makes sure that the name of a file or folder survives a power failure.
fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

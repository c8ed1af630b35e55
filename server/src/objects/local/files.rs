//! How an object's file gets to its place, and is read.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::{Builder, NamedTempFile};

use super::PIECE_BYTES;
use crate::objects::{Content, Digest, PutMode};

/// Files that are being written are in here. No part of an object's name starts with a dot.
const TEMPORARY: &str = ".writing";

/// Opens the folder, or creates it with its parents, and removes leftovers; its path without
/// symbolic links.
pub fn open(root: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(root)?;
    for entry in fs::read_dir(temporaries(root)?)? {
        let path = entry?.path();
        // Another process may have finished with it, or removed it, since it was listed. The lock
        // is held while its writer is alive.
        let abandoned = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if abandoned && fs::remove_file(&path).is_ok() {
            tracing::info!(file = %path.display(), "removed an unfinished file");
        }
    }
    root.canonicalize()
}

/// An empty file that can be moved to any place under `root`, and is removed if it is not.
pub fn temporary(root: &Path) -> io::Result<NamedTempFile> {
    // Not tempfile's own way to create it: other programs read the archive, so the file gets the
    // usual permissions.
    let file = Builder::new().make_in(temporaries(root)?, |path| File::create_new(path))?;
    // Some network file systems know no locks; there the file is merely unprotected.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Copies the content to the disk, and then moves it to `path` in one step.
///
/// [`ErrorKind::AlreadyExists`] if a file is there that may not be replaced.
pub fn put(root: &Path, path: &Path, content: Content, mode: PutMode) -> io::Result<()> {
    let temporary = temporary(root)?;
    copy(content, temporary.as_file())?;
    temporary.as_file().sync_all()?;
    let parent = path.parent().unwrap_or(root);
    fs::create_dir_all(parent).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
    match mode {
        PutMode::Create => temporary.persist_noclobber(path)?,
        PutMode::Replace => temporary.persist(path)?,
    };
    // The names of the file and of new folders survive a power failure.
    let folders = parent.ancestors();
    for folder in folders.take_while(|folder| folder.starts_with(root)) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Opens an object, and tells its generation; [`ErrorKind::NotFound`] if there is none.
pub fn read(root: &Path, path: &Path) -> io::Result<(File, i64)> {
    if !root.is_dir() {
        return Err(io::Error::other("the folder is gone"));
    }
    let file = File::open(path)?;
    let modified = file.metadata()?.modified()?;
    let since = modified.duration_since(SystemTime::UNIX_EPOCH);
    Ok((file, since.map_or(0, |since| since.as_micros() as i64)))
}

/// The folder for files that are being written. `root` itself is not created again: its disk may
/// be away.
fn temporaries(root: &Path) -> io::Result<PathBuf> {
    let folder = root.join(TEMPORARY);
    match fs::create_dir(&folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(folder),
    }
}

/// Writes the content to `target`, and compares it with its digest.
fn copy(content: Content, mut target: &File) -> io::Result<()> {
    let (mut file, expected) = match content {
        Content::Bytes(bytes) => return target.write_all(&bytes),
        Content::File(file, digest) => (file, digest),
    };
    file.rewind()?;
    let (mut piece, mut copied) = (vec![0; PIECE_BYTES], Digest::default());
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            break;
        }
        copied.add(&piece[..length]);
        target.write_all(&piece[..length])?;
    }
    match copied == expected {
        true => Ok(()),
        false => Err(io::Error::other(
            "the file to be stored was changed or damaged: try again",
        )),
    }
}

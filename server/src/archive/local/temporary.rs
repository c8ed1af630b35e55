//! Files that are being written.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// No part of an object's name starts with a dot, so that these are never taken for objects.
const PREFIX: &str = ".writing-";

/// A file that is removed when it is dropped, unless it was moved to its place before.
///
/// It is locked while it is open, so that another process can tell it from one whose writer was
/// killed.
#[derive(Debug)]
pub struct Temporary {
    pub file: File,
    path: PathBuf,
}

impl Temporary {
    /// Creates an empty file in `folder`.
    pub fn create(folder: &Path) -> io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match File::create_new(&path) {
                Ok(file) => {
                    // Some network file systems know no locks; there the file is merely unprotected.
                    let _ = file.try_lock();
                    return Ok(Self { file, path });
                }
                // Of a process with the same number, in another container.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Fails when the file was moved to its place, and that is right.
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes such files from `folder` and the folders in it, unless somebody is still writing them.
/// Folders that cannot be read are passed over.
pub fn remove_leftovers(folder: &Path) -> io::Result<()> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && entry.file_name().to_string_lossy().starts_with(PREFIX) {
                let path = entry.path();
                // Held until it is gone.
                let file = File::open(&path).ok();
                if file.as_ref().is_some_and(|file| file.try_lock().is_ok()) {
                    tracing::info!(file = %path.display(), "removing an unfinished file");
                    match fs::remove_file(&path) {
                        // By another process that has started at the same time.
                        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                        removed => removed?,
                    }
                }
            }
        }
    }
    Ok(())
}

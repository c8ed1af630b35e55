//! Files that are being written.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Creates an empty file in `folder`. It is removed when it is dropped before it was moved to its
/// place. The lock on it tells other processes that its writer is alive.
pub fn create(folder: &Path) -> io::Result<NamedTempFile> {
    // Not tempfile's own way to create it: other programs read the archive, so the file gets the
    // usual permissions.
    let file = Builder::new().make_in(folder, |path| File::create_new(path))?;
    // Some network file systems know no locks; there the file is merely unprotected.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes the files in `folder` that nobody is writing any more.
pub fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Another process may have finished with it, or removed it, since it was listed.
        let Ok(file) = File::open(&path) else {
            continue;
        };
        if file.try_lock().is_ok() && fs::remove_file(&path).is_ok() {
            tracing::info!(file = %path.display(), "removed an unfinished file");
        }
    }
    Ok(())
}

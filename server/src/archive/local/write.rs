//! Writing one object, on a thread that may block.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::PIECE;
use super::folder::Folder;
use super::pieces::Pieces;
use super::syncing::Syncing;
use super::temporary::Temporary;
use crate::archive::{ObjectName, Stored};

/// As soon as so many bytes are new, they are sent on to the disk.
const NEW: usize = 8 << 20;

/// Writes the pieces beside the object's place, and moves them there when they are whole, on the
/// disk, and still wanted. Whatever else happens leaves no file behind.
pub fn write(folder: &Folder, name: &ObjectName, pieces: &mut Pieces) -> io::Result<Stored> {
    let (temporary, path) = beside(folder, name)?;
    fill(&temporary.file, pieces, || false)?;
    folder.place(temporary.path(), &path)
}

/// The same, but does not wait for the disk: that is left to whoever renames the object.
pub fn stage(folder: &Folder, name: &ObjectName, pieces: &mut Pieces) -> io::Result<Stored> {
    let (temporary, path) = beside(folder, name)?;
    // The disk works while more is written, or all of it would be left to the end.
    let syncing = Syncing::of(&temporary.file)?;
    fill(&temporary.file, pieces, || syncing.ask())?;
    syncing.ask();
    let stored = folder.put(temporary.path(), &path, |_| Ok(()))?;
    folder.staged.keep(name.clone(), syncing);
    pieces.still_wanted().or_else(|abandoned| {
        // Given up while it was put there, and perhaps deleted before.
        folder.delete(name)?;
        Err(abandoned)
    })?;
    Ok(stored)
}

/// A file beside the object's place, and that place.
fn beside(folder: &Folder, name: &ObjectName) -> io::Result<(Temporary, PathBuf)> {
    let path = folder.prepared(name)?;
    let temporary = Temporary::create(path.parent().unwrap_or(Path::new(".")))?;
    Ok((temporary, path))
}

/// Writes the whole content, if it is wanted to the end. `sync` is asked each time that much is new,
/// and says whether that will be sent on.
fn fill(file: &File, pieces: &mut Pieces, sync: impl Fn() -> bool) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(PIECE, file);
    let mut new = 0;
    while let Some(piece) = pieces.next()? {
        file.write_all(&piece)?;
        new += piece.len();
        if new >= NEW && sync() {
            new = 0;
        }
    }
    file.flush()?;
    pieces.still_wanted()
}

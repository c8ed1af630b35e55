//! Writing one object, on a thread that may block.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Weak;

use tokio::sync::mpsc::Receiver;

use super::folder::Folder;
use super::syncing::Syncing;
use super::temporary::Temporary;
use super::{PIECE, Piece};
use crate::archive::{ObjectName, Stored};

/// As soon as so many bytes are new, they are sent on to the disk.
const NEW: usize = 8 << 20;

/// Writes what it receives beside the object's place, and moves it there when it is whole, on the
/// disk, and `wanted` is still alive. Whatever else happens leaves no file behind.
pub fn write(
    folder: &Folder,
    name: &ObjectName,
    pieces: Receiver<Piece>,
    wanted: &Weak<()>,
) -> io::Result<Stored> {
    let Written {
        temporary,
        path,
        syncing,
    } = Written::new(folder, name, pieces, wanted)?;
    syncing.end()?;
    folder.place(temporary.path(), &path)
}

/// The same, but does not wait for the disk: that is left to whoever renames the object.
pub fn stage(
    folder: &Folder,
    name: &ObjectName,
    pieces: Receiver<Piece>,
    wanted: &Weak<()>,
) -> io::Result<Stored> {
    let Written {
        temporary,
        path,
        syncing,
    } = Written::new(folder, name, pieces, wanted)?;
    syncing.ask();
    let stored = folder.put(temporary.path(), &path, |_| Ok(()))?;
    folder.staged.keep(name.clone(), syncing);
    if wanted.strong_count() == 0 {
        // Given up while it was put there, and perhaps deleted before.
        folder.delete(name)?;
        return Err(abandoned());
    }
    Ok(stored)
}

/// A whole object that is not in its place yet.
struct Written {
    temporary: Temporary,
    path: PathBuf,
    syncing: Syncing,
}

impl Written {
    fn new(
        folder: &Folder,
        name: &ObjectName,
        pieces: Receiver<Piece>,
        wanted: &Weak<()>,
    ) -> io::Result<Self> {
        let path = folder.prepared(name)?;
        let temporary = Temporary::create(path.parent().unwrap_or(Path::new(".")))?;
        // The disk works while more is written, or all of it would be left to the end.
        let syncing = Syncing::of(&temporary.file)?;
        fill(&temporary.file, pieces, &syncing)?;
        if wanted.strong_count() == 0 {
            return Err(abandoned());
        }
        Ok(Self {
            temporary,
            path,
            syncing,
        })
    }
}

/// Writes the whole content.
fn fill(file: &File, mut pieces: Receiver<Piece>, syncing: &Syncing) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(PIECE, file);
    let mut new = 0;
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Bytes(bytes)) => {
                file.write_all(&bytes)?;
                new += bytes.len();
            }
            Some(Piece::End) => return file.flush(),
            None => return Err(abandoned()),
        }
        if new >= NEW && syncing.ask() {
            new = 0;
        }
    }
}

fn abandoned() -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, "the write was given up")
}

//! Writing one object, on a thread that may block.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Weak;

use axum::body::Bytes;
use tokio::sync::mpsc;

use super::PIECE;
use super::folder::Folder;
use super::temporary::Temporary;
use crate::archive::{ObjectName, Stored};

/// What the writer is sent.
pub enum Piece {
    Bytes(Bytes),
    /// The content is whole. Without this, there is to be no object.
    End,
}

/// Writes what it receives beside the object's place, and moves it there when it is whole and
/// `wanted` is still alive. Whatever else happens leaves no file behind.
pub fn write(
    folder: &Folder,
    name: &ObjectName,
    mut pieces: mpsc::Receiver<Piece>,
    wanted: &Weak<()>,
) -> io::Result<Stored> {
    let path = folder.prepared(name)?;
    let temporary = Temporary::create(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = BufWriter::with_capacity(PIECE, &temporary.file);
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Bytes(bytes)) => file.write_all(&bytes)?,
            Some(Piece::End) => break,
            None => return Err(abandoned()),
        }
    }
    file.flush()?;
    drop(file);
    if wanted.strong_count() == 0 {
        return Err(abandoned());
    }
    folder.place(temporary.path(), &path)
}

fn abandoned() -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, "the write was given up")
}

//! Writing one object, on a thread that may block.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Weak;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use tokio::sync::mpsc::Receiver;

use super::folder::Folder;
use super::temporary::Temporary;
use super::{PIECE, Piece};
use crate::archive::{ObjectName, Stored};

/// As soon as so many bytes are new, they are sent on to the disk.
const NEW: usize = 16 << 20;

/// Writes what it receives beside the object's place, and moves it there when it is whole and
/// `wanted` is still alive. Whatever else happens leaves no file behind.
pub fn write(
    folder: &Folder,
    name: &ObjectName,
    pieces: Receiver<Piece>,
    wanted: &Weak<()>,
) -> io::Result<Stored> {
    let path = folder.prepared(name)?;
    let temporary = Temporary::create(path.parent().unwrap_or(Path::new(".")))?;
    let file = &temporary.file;
    // The disk works while more is written, or all of it would be left to the end.
    thread::scope(|scope| {
        let (sync, due) = sync_channel(1);
        let synced = scope.spawn(move || due.iter().try_for_each(|()| file.sync_data()));
        let filled = fill(file, pieces, sync);
        let died = |_| Err(io::Error::other("the syncing thread ended early"));
        synced.join().unwrap_or_else(died).and(filled)
    })?;
    if wanted.strong_count() == 0 {
        return Err(abandoned());
    }
    folder.place(temporary.path(), &path)
}

/// Writes the whole content, and says when it is time to `sync`.
fn fill(file: &File, mut pieces: Receiver<Piece>, sync: SyncSender<()>) -> io::Result<()> {
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
        // Fails while the disk is behind, and then the next time is soon enough; or after a
        // failure, which is reported at the end.
        if new >= NEW && sync.try_send(()).is_ok() {
            new = 0;
        }
    }
}

fn abandoned() -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, "the write was given up")
}

//! Sending a file on to the disk while more of it is written, or while it is read back.

use std::fs::File;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

/// A thread that syncs one file as often as it is asked to. It ends by itself when this is dropped,
/// and nobody learns then how the last sync went.
pub struct Syncing {
    asked: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Syncing {
    /// For `file`, of which nothing has been synced yet.
    pub fn of(file: &File) -> io::Result<Self> {
        let file = file.try_clone()?;
        let (asked, due) = sync_channel(1);
        let syncing = move || due.iter().try_for_each(|()| file.sync_data());
        let thread = Builder::new().name("archive-sync".to_owned());
        Ok(Self {
            asked,
            thread: thread.spawn(syncing)?,
        })
    }

    /// Asks for what has been written so far; does not wait for it. `false` if that was asked for
    /// before and the disk is behind: then that time is soon enough, and it counts for this one
    /// too. Also after a failure, which [`Syncing::end`] reports.
    pub fn ask(&self) -> bool {
        self.asked.try_send(()).is_ok()
    }

    /// Returns when all that was asked for is on the disk.
    pub fn end(self) -> io::Result<()> {
        drop(self.asked);
        let died = |_| Err(io::Error::other("the syncing thread ended early"));
        self.thread.join().unwrap_or_else(died)
    }
}

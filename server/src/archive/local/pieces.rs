//! The content of an object, for a thread that may block.

use std::io;

use axum::body::Bytes;
use futures::stream::StreamExt;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::archive::ByteStream;

/// Content that is waited for where it is written: each piece is then still in that processor's
/// cache, and nobody has to be woken between the two.
pub struct Pieces {
    content: ByteStream,
    unwanted: CancellationToken,
    runtime: Handle,
    /// Why the content has ended early.
    pub failed: Option<io::Error>,
}

impl Pieces {
    /// `unwanted` ends them.
    pub fn of(content: ByteStream, unwanted: CancellationToken) -> Self {
        Self {
            content,
            unwanted,
            runtime: Handle::current(),
            failed: None,
        }
    }

    /// The next one; `None` where the content is whole.
    pub fn next(&mut self) -> io::Result<Option<Bytes>> {
        let next = self.unwanted.run_until_cancelled(self.content.next());
        match self.runtime.block_on(next) {
            Some(Some(Ok(piece))) => Ok(Some(piece)),
            Some(Some(Err(error))) => {
                self.failed = Some(error);
                Err(abandoned())
            }
            Some(None) => Ok(None),
            None => Err(abandoned()),
        }
    }

    /// An error when nobody waits any more for what becomes of them.
    pub fn still_wanted(&self) -> io::Result<()> {
        match self.unwanted.is_cancelled() {
            true => Err(abandoned()),
            false => Ok(()),
        }
    }
}

fn abandoned() -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, "the write was given up")
}

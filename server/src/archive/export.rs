//! The lines of an archive, counted on their way.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use futures::stream::{StreamExt, try_unfold};
use tokio_util::sync::CancellationToken;

use super::daily::Daily;
use super::{ByteStream, Tally};
use crate::store::{Documents, StoreError};

/// What has gone through a stream of lines so far.
#[derive(Debug)]
pub struct Exported {
    pub tally: Tally,
    pub daily: Daily,
    /// Lines without a usable total or time.
    pub unreadable: u64,
    /// How many orders the store expects, once it has said so.
    pub expected: Option<u64>,
    /// Whether the stream was read to its end.
    pub whole: bool,
    /// Why the order store could not go on. Kept here, since what becomes of an error inside an
    /// object store is that store's affair.
    pub failure: Option<StoreError>,
}

/// The counts, shared between the stream and whoever watches it.
#[derive(Clone, Debug)]
pub struct Counter(Arc<Mutex<Exported>>);

impl Counter {
    /// Nothing yet, of a window that begins at `from`.
    pub fn new(from: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(Exported {
            tally: Tally::default(),
            daily: Daily::new(from),
            unreadable: 0,
            expected: None,
            whole: false,
            failure: None,
        })))
    }

    /// The counts as of now. A std mutex, because nothing awaits under it.
    pub fn lock(&self) -> MutexGuard<'_, Exported> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The documents' lines. `moved_on` is called after every piece. The stream ends with an error when
/// the documents do, or on `cancel`. Whoever waits for it `on_a_thread` is kept off the processor on
/// which the documents are read.
pub fn counted(
    documents: Documents,
    counter: Counter,
    cancel: CancellationToken,
    on_a_thread: bool,
    moved_on: impl FnMut(&Exported) + Send + 'static,
) -> ByteStream {
    let lines = Lines {
        documents,
        counter,
        cancel,
        on_a_thread,
        moved_on,
    };
    try_unfold(lines, |mut lines| async move {
        Ok(lines.piece().await?.map(|piece| (piece, lines)))
    })
    .boxed()
}

struct Lines<F> {
    documents: Documents,
    counter: Counter,
    cancel: CancellationToken,
    on_a_thread: bool,
    moved_on: F,
}

impl<F: FnMut(&Exported)> Lines<F> {
    /// The next lines; `None` after the last one.
    async fn piece(&mut self) -> io::Result<Option<Bytes>> {
        let next = self.documents.next();
        let Some(next) = self.cancel.run_until_cancelled(next).await else {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "cancelled"));
        };
        if self.on_a_thread
            && let Some(Ok(piece)) = &next
        {
            piece.filled_on.leave();
        }
        let mut exported = self.counter.lock();
        match next {
            Some(Ok(piece)) => {
                let before = exported.tally.lines;
                exported.tally.add(&piece.lines);
                let lines = exported.tally.lines - before;
                exported.daily.add(&piece, lines);
                exported.unreadable += piece.unreadable.len() as u64;
                (self.moved_on)(&exported);
                Ok(Some(piece.lines))
            }
            Some(Err(failure)) => {
                exported.failure = Some(failure);
                Err(io::Error::other("the order store failed"))
            }
            None => {
                exported.whole = true;
                Ok(None)
            }
        }
    }
}

//! Documents as JSON Lines, counted on their way.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use futures::stream::{BoxStream, StreamExt, try_unfold};
use tokio_util::sync::CancellationToken;

use super::{ByteStream, Tally};
use crate::order::Order;
use crate::store::StoreError;

/// Lines are gathered into pieces of about so many bytes.
const PIECE: usize = 64 << 10;

/// What has gone through a stream of lines so far.
#[derive(Debug, Default)]
pub struct Exported {
    pub tally: Tally,
    /// Lines without a usable total or time.
    pub unreadable: u64,
    /// Whether the stream was read to its end.
    pub whole: bool,
    /// Why the order store could not go on. Kept here, since what becomes of an error inside an
    /// object store is that store's affair.
    pub failure: Option<StoreError>,
}

/// The counts, shared between the stream and whoever watches it.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<Mutex<Exported>>);

impl Counter {
    /// The counts as of now. A std mutex, because nothing awaits under it.
    pub fn lock(&self) -> MutexGuard<'_, Exported> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The documents as lines, each with its line end. `moved_on` is called after every piece. The
/// stream ends with an error when the documents do, or on `cancel`.
pub fn json_lines(
    documents: BoxStream<'static, Result<String, StoreError>>,
    counter: Counter,
    cancel: CancellationToken,
    moved_on: impl Fn(&Exported) + Send + 'static,
) -> ByteStream {
    let lines = Lines {
        documents,
        counter,
        cancel,
        moved_on,
        ended: false,
    };
    try_unfold(lines, |mut lines| async move {
        Ok(lines.piece().await?.map(|piece| (piece, lines)))
    })
    .boxed()
}

struct Lines<F> {
    documents: BoxStream<'static, Result<String, StoreError>>,
    counter: Counter,
    cancel: CancellationToken,
    moved_on: F,
    ended: bool,
}

impl<F: Fn(&Exported)> Lines<F> {
    /// The next lines; `None` after the last one.
    async fn piece(&mut self) -> io::Result<Option<Bytes>> {
        let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
        let mut unreadable = 0;
        while !self.ended && piece.len() < PIECE {
            let next = self.documents.next();
            match self.cancel.run_until_cancelled(next).await {
                None => return Err(io::Error::new(io::ErrorKind::Interrupted, "cancelled")),
                Some(None) => self.ended = true,
                Some(Some(Ok(document))) => {
                    unreadable += u64::from(Order::from_json(&document).is_err());
                    piece.extend_from_slice(document.as_bytes());
                    piece.push(b'\n');
                }
                Some(Some(Err(failure))) => {
                    self.counter.lock().failure = Some(failure);
                    return Err(io::Error::other("the order store failed"));
                }
            }
        }
        let mut exported = self.counter.lock();
        if piece.is_empty() {
            exported.whole = true;
            return Ok(None);
        }
        exported.tally.add(&piece);
        exported.unreadable += unreadable;
        (self.moved_on)(&exported);
        Ok(Some(Bytes::from(piece)))
    }
}

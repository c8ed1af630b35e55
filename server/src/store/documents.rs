//! Documents on their way out of a store.

use std::mem;

use bytes::Bytes;
use futures::future::{self, FutureExt};
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::StoreError;

/// Documents of a store, many at a time: one by one they would cost more than reading them.
pub type Documents = BoxStream<'static, Result<Piece, StoreError>>;

/// Whole lines, a document each.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// Every document (see [`Order::document`](crate::order::Order::document)) with a line end.
    pub lines: Bytes,
    /// Where the line of each document begins that no metric can read, in bytes.
    pub unreadable: Vec<usize>,
}

pub(super) const OPERATION: &str = "read documents";

/// A piece ends with the document that reaches this size.
const PIECE_BYTES: usize = 512 << 10;

/// How many pieces may wait for the consumer, beside the one being filled.
const WAITING: usize = 2;

pub(super) type Sender = mpsc::Sender<Piece>;

pub(super) fn channel() -> (Sender, mpsc::Receiver<Piece>) {
    mpsc::channel(WAITING)
}

/// The documents that `reader`, a thread or a task, sends until it ends. One that dies has not come
/// to the end.
pub(super) fn documents(
    store: &'static str,
    mut sent: mpsc::Receiver<Piece>,
    reader: JoinHandle<Result<(), StoreError>>,
) -> Documents {
    let pieces = stream::poll_fn(move |context| sent.poll_recv(context));
    let end = reader.map(move |ended| match ended {
        Ok(ended) => ended.err().map(Err),
        Err(died) => Some(Err(StoreError::Unavailable {
            store,
            operation: OPERATION,
            source: died.into(),
        })),
    });
    let end = stream::once(end).filter_map(future::ready);
    pieces.map(Ok).chain(end).boxed()
}

/// A piece that is being filled.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Where the next document goes, and nothing else.
    pub lines: Vec<u8>,
    /// Where the next line begins.
    next: usize,
    unreadable: Vec<usize>,
}

impl Gathered {
    /// Ends the line of the document that was written last; gives the piece if that has filled it.
    pub fn end_line(&mut self, readable: bool) -> Option<Piece> {
        self.lines.push(b'\n');
        let start = mem::replace(&mut self.next, self.lines.len());
        if !readable {
            self.unreadable.push(start);
        }
        (self.lines.len() >= PIECE_BYTES).then(|| self.take())
    }

    /// What is left at the end.
    pub fn rest(&mut self) -> Option<Piece> {
        (!self.lines.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> Piece {
        self.next = 0;
        Piece {
            lines: mem::take(&mut self.lines).into(),
            unreadable: mem::take(&mut self.unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;

    use super::*;

    #[test]
    fn a_piece_holds_whole_lines() {
        let mut gathered = Gathered::default();
        assert!(gathered.rest().is_none());
        gathered.lines.extend_from_slice(b"{}");
        assert!(gathered.end_line(false).is_none());
        gathered.lines.resize(PIECE_BYTES + 2, b'x');
        let full = gathered.end_line(true).expect("a full piece");
        assert_eq!(full.lines.len(), PIECE_BYTES + 3);
        assert_eq!(full.unreadable, [0]);
        gathered.lines.extend_from_slice(b"{}");
        assert!(gathered.end_line(true).is_none());
        gathered.lines.extend_from_slice(b"[]");
        assert!(gathered.end_line(false).is_none());
        let rest = gathered.rest().expect("lines");
        assert_eq!(rest.lines.as_ref(), b"{}\n[]\n");
        assert_eq!(rest.unreadable, [3]);
        assert!(gathered.rest().is_none());
    }

    #[tokio::test]
    async fn a_reader_that_dies_is_no_end() {
        let (sender, receiver) = channel();
        let reader = tokio::spawn(async move {
            let _ = sender.send(Piece::default()).await;
            panic!("on purpose");
        });
        let mut pieces = documents("store", receiver, reader);
        assert!(matches!(pieces.try_next().await, Ok(Some(_))));
        let error = pieces.try_next().await.expect_err("no end");
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
        assert!(pieces.next().await.is_none());
    }
}

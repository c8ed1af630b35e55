//! Documents on their way out of a store.

use std::mem;

use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;

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

/// What a thread or task that reads documents says. One that dies says nothing, and is not mistaken
/// for one that has come to the end.
pub(super) enum Said {
    /// From here on a failure is one of the stream.
    Started,
    Piece(Piece),
    Ended,
}

pub(super) type Sender = mpsc::Sender<Result<Said, StoreError>>;
type Receiver = mpsc::Receiver<Result<Said, StoreError>>;

pub(super) fn channel() -> (Sender, Receiver) {
    mpsc::channel(WAITING)
}

/// The documents that the other end of the channel is given, once it has started.
pub(super) async fn documents(
    store: &'static str,
    mut receiver: Receiver,
) -> Result<Documents, StoreError> {
    match receiver.recv().await {
        Some(Ok(Said::Started)) => {}
        Some(Err(error)) => return Err(error),
        _ => return Err(cut_short(store)),
    }
    let pieces = stream::unfold(Some(receiver), move |receiver| async move {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Ok(Said::Piece(piece))) => Some((Ok(piece), Some(receiver))),
            Some(Ok(Said::Ended)) => None,
            Some(Err(error)) => Some((Err(error), None)),
            Some(Ok(Said::Started)) | None => Some((Err(cut_short(store)), None)),
        }
    });
    Ok(pieces.boxed())
}

fn cut_short(store: &'static str) -> StoreError {
    StoreError::Unavailable {
        store,
        operation: OPERATION,
        source: "the reader of the documents ended early".into(),
    }
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
        // The next one will be about as long, unless one document has made it far longer.
        let next = Vec::with_capacity(self.lines.capacity().min(2 * PIECE_BYTES));
        self.next = 0;
        Piece {
            lines: mem::replace(&mut self.lines, next).into(),
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
        gathered.lines.reserve(64 * PIECE_BYTES);
        let full = gathered.end_line(true).expect("a full piece");
        assert!(gathered.lines.capacity() <= 4 * PIECE_BYTES);
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
        drop(sender);
        assert!(documents("store", receiver).await.is_err());

        let (sender, receiver) = channel();
        for said in [Said::Started, Said::Piece(Piece::default())] {
            assert!(sender.try_send(Ok(said)).is_ok());
        }
        drop(sender);
        let mut pieces = documents("store", receiver).await.expect("a stream");
        assert!(matches!(pieces.try_next().await, Ok(Some(_))));
        let error = pieces.try_next().await.expect_err("no end");
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
        assert!(pieces.next().await.is_none());
    }
}

//! Content gathered into the chunks of an upload.

use std::io;

use axum::body::Bytes;
use futures::StreamExt;

use super::failure::Failure;
use crate::archive::{ByteStream, Tally};

/// Chunks are of this size, except the last: larger ones would be held in memory for little gain,
/// smaller ones cost a round trip each. Google asks for multiples of 256 KiB.
pub const CHUNK: usize = 8 << 20;

/// A part of the content.
#[derive(Debug)]
pub struct Chunk {
    pub bytes: Bytes,
    /// Whether the content ends with it. Known, since the content was asked for more.
    pub last: bool,
}

/// Content that is taken in chunks.
pub struct Chunks {
    content: ByteStream,
    /// What did not fit into the chunk before.
    rest: Bytes,
    ended: bool,
    /// What was taken so far.
    pub tally: Tally,
}

impl Chunks {
    pub fn new(content: ByteStream) -> Self {
        Self {
            content,
            rest: Bytes::new(),
            ended: false,
            tally: Tally::default(),
        }
    }

    /// The next chunk; one of no bytes only where there is no content.
    pub async fn next(&mut self) -> Result<Chunk, Failure> {
        // Grows with the content, so that a small object costs little.
        let mut chunk = Vec::new();
        while chunk.len() < CHUNK && self.refill().await.map_err(Failure::Content)? {
            if chunk.capacity() - chunk.len() < self.rest.len() {
                let doubled = (chunk.capacity() * 2).clamp(64 << 10, CHUNK);
                chunk.reserve_exact(doubled.saturating_sub(chunk.len()));
            }
            let part = self.rest.split_to(self.rest.len().min(CHUNK - chunk.len()));
            chunk.extend_from_slice(&part);
        }
        self.tally.add(&chunk);
        // Whether there is more has to be known now: the last chunk says how long the whole is.
        let more = self.refill().await.map_err(Failure::Content)?;
        Ok(Chunk {
            bytes: Bytes::from(chunk),
            last: !more,
        })
    }

    /// Whether there is something to take.
    async fn refill(&mut self) -> io::Result<bool> {
        while self.rest.is_empty() && !self.ended {
            match self.content.next().await {
                Some(piece) => self.rest = piece?,
                None => self.ended = true,
            }
        }
        Ok(!self.rest.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    async fn sizes(pieces: &[usize]) -> Vec<(usize, bool)> {
        let pieces: Vec<_> = pieces
            .iter()
            .map(|length| Ok(Bytes::from(vec![b'x'; *length])))
            .collect();
        let mut chunks = Chunks::new(stream::iter(pieces).boxed());
        let mut sizes = Vec::new();
        loop {
            let chunk = chunks.next().await.expect("a chunk");
            sizes.push((chunk.bytes.len(), chunk.last));
            if chunk.last {
                return sizes;
            }
        }
    }

    #[tokio::test]
    async fn chunks_are_full_and_the_last_one_is_known() {
        assert_eq!(sizes(&[]).await, [(0, true)]);
        assert_eq!(sizes(&[0, 0]).await, [(0, true)]);
        assert_eq!(sizes(&[1, 0, 2]).await, [(3, true)]);
        assert_eq!(sizes(&[CHUNK]).await, [(CHUNK, true)]);
        assert_eq!(sizes(&[CHUNK - 1, 1, 0]).await, [(CHUNK, true)]);
        assert_eq!(sizes(&[CHUNK, 1]).await, [(CHUNK, false), (1, true)]);
        let expected = [(CHUNK, false), (CHUNK, false), (5, true)];
        assert_eq!(sizes(&[2 * CHUNK + 5]).await, expected);
    }

    #[tokio::test]
    async fn a_failure_is_no_end() {
        let pieces = [Ok(Bytes::from("x")), Err(io::Error::other("broken"))];
        let mut chunks = Chunks::new(stream::iter(pieces).boxed());
        let failure = chunks.next().await.expect_err("a failure");
        assert!(matches!(failure, Failure::Content(_)), "{failure:?}");
    }
}

//! Reads lines of any length in bounded memory.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// Longer lines are skipped; without the line end.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// A line without its line end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Whole(&'a [u8]),
    /// Longer than [`MAX_LINE_BYTES`].
    TooLong,
}

/// Splits a reader at `\n` and `\r\n`. The last line may lack its line end.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    /// Lines returned so far.
    number: u64,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            line: Vec::new(),
            number: 0,
        }
    }

    /// The number of the last line returned; 0 before the first.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line; `None` at the end. Skips a byte order mark before the first line.
    pub async fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut too_long = false;
        let mut ended = false;
        let mut empty = true;
        while !ended {
            let available = self.reader.fill_buf().await?;
            if available.is_empty() {
                break;
            }
            empty = false;
            let newline = available.iter().position(|byte| *byte == b'\n');
            let piece = &available[..newline.unwrap_or(available.len())];
            // One byte more, for a "\r".
            if self.line.len() + piece.len() > MAX_LINE_BYTES + 1 {
                too_long = true;
            }
            if !too_long {
                self.line.extend_from_slice(piece);
            }
            ended = newline.is_some();
            let used = piece.len() + usize::from(ended);
            self.reader.consume(used);
        }
        if empty {
            return Ok(None);
        }

        self.number += 1;
        let mut line = self.line.as_slice();
        if let Some(rest) = line.strip_suffix(b"\r") {
            line = rest;
        }
        if self.number == 1
            && let Some(rest) = line.strip_prefix("\u{feff}".as_bytes())
        {
            line = rest;
        }
        Ok(Some(if too_long || line.len() > MAX_LINE_BYTES {
            Line::TooLong
        } else {
            Line::Whole(line)
        }))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::BufReader;

    use super::*;

    /// Every line as text, read through a buffer of `capacity` bytes.
    async fn lines(input: &[u8], capacity: usize) -> Vec<String> {
        let mut lines = Lines::new(BufReader::with_capacity(capacity, input));
        let mut read = Vec::new();
        while let Some(line) = lines.next().await.expect("no errors from memory") {
            read.push(match line {
                Line::Whole(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Line::TooLong => "too long".to_owned(),
            });
        }
        assert_eq!(lines.number(), read.len() as u64);
        read
    }

    #[tokio::test]
    async fn lines_end_with_lf_or_crlf() {
        for capacity in [1, 2, 3, 8192] {
            for input in ["a\nb\n\nc", "a\r\nb\r\n\r\nc\r\n", "\u{feff}a\nb\n\r\nc\n"] {
                let read = lines(input.as_bytes(), capacity).await;
                assert_eq!(read, ["a", "b", "", "c"], "{input:?} {capacity}");
            }
        }
        assert!(lines(b"", 8).await.is_empty());
        assert_eq!(lines(b"\n", 8).await, [""]);
        assert_eq!(
            lines("a\n\u{feff}b".as_bytes(), 8).await,
            ["a", "\u{feff}b"]
        );
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_skipped() {
        let longest = "x".repeat(MAX_LINE_BYTES);
        for end in ["\n", "\r\n"] {
            let input = format!("{longest}{end}x{longest}{end}{longest}{longest}{end}b");
            let read = lines(input.as_bytes(), 8192).await;
            assert_eq!(read, [longest.as_str(), "too long", "too long", "b"]);
        }
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_not_held() {
        let input = vec![b'x'; 8 * MAX_LINE_BYTES];
        let mut lines = Lines::new(BufReader::new(input.as_slice()));
        let line = lines.next().await.expect("no errors from memory");
        assert_eq!(line, Some(Line::TooLong));
        assert!(lines.line.capacity() <= 2 * MAX_LINE_BYTES + 2);
    }
}

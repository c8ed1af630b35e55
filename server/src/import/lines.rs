//! Lines of any length, read in bounded memory.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// The longest line that is held, in bytes, without its line end.
pub const LONGEST_LINE: usize = 1 << 20;

/// A line without its line end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Whole(&'a [u8]),
    /// Longer than [`LONGEST_LINE`]; read past without being held.
    TooLong,
}

/// Splits a reader at `\n` and `\r\n`; the last line may lack either.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    /// Lines given so far.
    number: u64,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// The lines of `reader`, from the first.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            line: Vec::new(),
            number: 0,
        }
    }

    /// The number of the line given last; 0 before the first.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line; `None` at the end. A byte order mark before the first line is left out.
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
            // One byte more than allowed, for the "\r" that does not count.
            if self.line.len() + piece.len() > LONGEST_LINE + 1 {
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
        Ok(Some(if too_long || line.len() > LONGEST_LINE {
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
    async fn line_ends_of_every_kind_split_alike() {
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
    async fn a_line_beyond_the_limit_is_passed_over() {
        let longest = "x".repeat(LONGEST_LINE);
        for end in ["\n", "\r\n"] {
            let input = format!("{longest}{end}x{longest}{end}{longest}{longest}{end}b");
            let read = lines(input.as_bytes(), 8192).await;
            assert_eq!(read, [longest.as_str(), "too long", "too long", "b"]);
        }
    }

    #[tokio::test]
    async fn a_line_beyond_the_limit_is_not_held() {
        let input = vec![b'x'; 8 * LONGEST_LINE];
        let mut lines = Lines::new(BufReader::new(input.as_slice()));
        let line = lines.next().await.expect("no errors from memory");
        assert_eq!(line, Some(Line::TooLong));
        assert!(lines.line.capacity() <= 2 * LONGEST_LINE + 2);
    }
}

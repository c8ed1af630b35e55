//! What an object is compared by.

use std::fmt;
use std::io;

use app::model::ArchiveRun;
use app::model::number::{counted, grouped};
use futures::TryStreamExt;

use super::{ByteStream, Stored};

/// Lines, bytes and checksum of some content.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Line ends, to be exact.
    pub lines: u64,
    pub bytes: u64,
    /// CRC32C (Castagnoli).
    pub crc32c: u32,
}

impl Tally {
    /// Counts a whole object without holding it.
    pub async fn of(mut content: ByteStream) -> io::Result<Self> {
        let mut tally = Self::default();
        while let Some(piece) = content.try_next().await? {
            tally.add(&piece);
        }
        Ok(tally)
    }

    /// Counts the next piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.lines += memchr::memchr_iter(b'\n', piece).count() as u64;
        self.bytes += piece.len() as u64;
        self.crc32c = crc32c::crc32c_append(self.crc32c, piece);
    }

    /// Of this content and that, one behind the other.
    pub fn followed_by(&self, next: &Self) -> Self {
        Self {
            lines: self.lines + next.lines,
            bytes: self.bytes + next.bytes,
            crc32c: crc32c::crc32c_combine(self.crc32c, next.crc32c, next.bytes as usize),
        }
    }

    /// Whether these are the figures of the run's receipt.
    pub fn is_of(&self, run: &ArchiveRun) -> bool {
        (self.lines, self.bytes) == (run.orders, run.bytes)
            && run.crc32c.as_deref() == Some(self.checksum().as_str())
    }

    /// Whether the store says the same about what it has stored, as far as it says anything.
    pub fn agrees_with(&self, stored: &Stored) -> bool {
        stored.bytes == self.bytes && stored.crc32c.is_none_or(|crc32c| crc32c == self.crc32c)
    }

    /// The checksum as eight hexadecimal digits.
    pub fn checksum(&self) -> String {
        checksum(self.crc32c)
    }
}

/// A CRC32C as receipts have it.
pub fn checksum(crc32c: u32) -> String {
    format!("{crc32c:08x}")
}

/// "431 lines, 108,400 bytes, CRC32C 8b1f03c2".
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, bytes) = (counted(self.lines, "line"), grouped(self.bytes));
        write!(f, "{lines}, {bytes} bytes, CRC32C {}", self.checksum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_count_like_the_whole() {
        let content = b"123456789\n\nabc\n";
        let mut whole = Tally::default();
        whole.add(content);
        let mut pieces = Tally::default();
        for piece in content.chunks(4) {
            pieces.add(piece);
        }
        assert_eq!(pieces, whole);
        for middle in 0..=content.len() {
            let halves = content.split_at(middle);
            let [first, second] = [halves.0, halves.1].map(|half| {
                let mut tally = Tally::default();
                tally.add(half);
                tally
            });
            assert_eq!(first.followed_by(&second), whole, "{middle}");
        }
        assert_eq!((whole.lines, whole.bytes), (3, 15));
    }

    #[test]
    fn the_checksum_is_castagnolis() {
        let mut tally = Tally::default();
        assert_eq!(tally.checksum(), "00000000");
        // The check value of CRC-32/ISCSI.
        tally.add(b"123456789");
        assert_eq!(tally.to_string(), "0 lines, 9 bytes, CRC32C e3069283");
    }
}

//! What an object is compared by.

use std::fmt;

use app::model::number::{counted, grouped};
use futures::TryStreamExt;

use super::{ObjectError, ObjectName, ObjectStore};

/// Lines, bytes and checksum of some content.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// Line ends, to be exact.
    pub lines: u64,
    pub bytes: u64,
    /// CRC32C (Castagnoli).
    pub crc32c: u32,
}

impl Digest {
    /// Of a stored object, which is read for that, and the store's number for this version of it;
    /// `None` if there is none.
    pub async fn of(
        objects: &dyn ObjectStore,
        name: &ObjectName,
    ) -> Result<Option<(Self, i64)>, ObjectError> {
        let (mut content, generation) = match objects.read(name).await {
            Ok(read) => read,
            Err(ObjectError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut digest = Self::default();
        while let Some(piece) = content.try_next().await? {
            digest.add(&piece);
        }
        Ok(Some((digest, generation)))
    }

    /// Adds the next piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.lines += memchr::memchr_iter(b'\n', piece).count() as u64;
        self.bytes += piece.len() as u64;
        self.crc32c = crc32c::crc32c_append(self.crc32c, piece);
    }

    /// The checksum as receipts have it: eight hexadecimal digits.
    pub fn checksum(&self) -> String {
        format!("{:08x}", self.crc32c)
    }
}

/// "431 lines, 108,400 bytes, CRC32C 8b1f03c2".
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, bytes) = (counted(self.lines, "line"), grouped(self.bytes));
        write!(f, "{lines}, {bytes} bytes, CRC32C {}", self.checksum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_add_up_to_the_whole() {
        let content = b"123456789\n\nabc\n";
        let mut whole = Digest::default();
        whole.add(content);
        let mut pieces = Digest::default();
        for piece in content.chunks(4) {
            pieces.add(piece);
        }
        assert_eq!(pieces, whole);
        assert_eq!((whole.lines, whole.bytes), (3, 15));
    }

    #[test]
    fn the_checksum_is_castagnolis() {
        let mut digest = Digest::default();
        assert_eq!(digest.checksum(), "00000000");
        // The check value of CRC-32/ISCSI.
        digest.add(b"123456789");
        assert_eq!(digest.to_string(), "0 lines, 9 bytes, CRC32C e3069283");
    }
}

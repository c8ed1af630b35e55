//! A file of orders, unpacked.

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

/// The most bytes that one order may have.
const MAX_ORDER_BYTES: usize = 32 << 20;
/// What is first held of a file.
const HEAD_BYTES: u64 = 1 << 16;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The file's text after a byte order mark. Reading fails at an order that does not end, so that it
/// is not all held in memory.
pub struct Input {
    pub text: BufReader<Limited>,
    limit: Rc<Cell<usize>>,
}

impl Input {
    /// Unpacks gzip. What it reads first decides the format.
    pub fn open(file: impl Read + 'static) -> io::Result<Self> {
        let (mut head, mut text) = head(Box::new(file))?;
        if head.starts_with(&GZIP) {
            let packed = Cursor::new(head).chain(text);
            (head, text) = self::head(Box::new(MultiGzDecoder::new(packed)))?;
        }
        if head.starts_with(BYTE_ORDER_MARK) {
            head.drain(..BYTE_ORDER_MARK.len());
        }
        let limit = Rc::new(Cell::new(MAX_ORDER_BYTES));
        let limited = Limited {
            text: Box::new(Cursor::new(head).chain(text)),
            left: limit.clone(),
        };
        let text = BufReader::with_capacity(HEAD_BYTES as usize, limited);
        Ok(Self { text, limit })
    }

    /// What to call before each order is read.
    pub fn limit(&self) -> impl Fn() + use<> {
        let limit = self.limit.clone();
        move || limit.set(MAX_ORDER_BYTES)
    }
}

/// Text that ends with an error when an order is too long.
pub struct Limited {
    text: Box<dyn Read>,
    left: Rc<Cell<usize>>,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::Error::other(format!(
                "an order is longer than {} MB",
                MAX_ORDER_BYTES >> 20
            )));
        }
        let end = left.min(buffer.len());
        let read = self.text.read(&mut buffer[..end])?;
        self.left.set(left - read);
        Ok(read)
    }
}

/// The first bytes, and the rest.
fn head(mut text: Box<dyn Read>) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut head = Vec::new();
    text.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok((head, text))
}

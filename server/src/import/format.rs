//! Which format a file of orders has.

use std::io::{self, BufRead};

use super::csv;

/// The most characters of a file that an error quotes.
const QUOTED: usize = 40;

/// What a file of orders can be.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Lines,
    /// A JSON array of objects.
    Array,
    /// Below a line with the names of the columns.
    Csv,
}

impl Format {
    /// Of a file that begins like this; an error if it is none of them.
    pub fn of(head: &[u8]) -> io::Result<Self> {
        match head.trim_ascii_start().first() {
            None | Some(b'{') => Ok(Self::Lines),
            Some(b'[') => Ok(Self::Array),
            Some(_) if csv::is_header(head) => Ok(Self::Csv),
            Some(_) => {
                let mut line = Vec::new();
                head.trim_ascii_start().read_until(b'\n', &mut line)?;
                let line = String::from_utf8_lossy(&line);
                let found: String = line.trim_end().chars().take(QUOTED).collect();
                Err(io::Error::other(format!(
                    "expected JSON Lines, a JSON array, or CSV whose first line names order_id, \
                     created_at and total; found {found:?}"
                )))
            }
        }
    }
}

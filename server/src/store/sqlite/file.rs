//! Whose the file is, read without SQLite: opening a file with SQLite can change it, and we change
//! no other program's file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::StoreError;
use super::errors::{CANNOT_WRITE, NOT_A_DATABASE, of_file};
use super::schema::{APPLICATION_ID, VERSION};

/// How the file begins, see <https://www.sqlite.org/fileformat.html#the_database_header>.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER_BYTES: usize = 100;
const USER_VERSION: usize = 60;
const APPLICATION: usize = 68;

/// [`StoreError::Unusable`] unless there is nothing, an empty file or a store of this program.
pub(super) fn check(path: &Path) -> Result<(), StoreError> {
    let mut header = [0; HEADER_BYTES];
    let read = File::open(path).and_then(|mut file| match file.metadata()?.len() {
        0 => Ok(false),
        _ => file.read_exact(&mut header).map(|()| true),
    });
    let problem = match read {
        Ok(false) => return Ok(()),
        // SQLite makes the file, or says why it cannot.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            return Err(of_file(path, CANNOT_WRITE, Some(error.into())));
        }
        Ok(true) if header.starts_with(MAGIC) => match number(&header, APPLICATION) {
            APPLICATION_ID if number(&header, USER_VERSION) <= VERSION => return Ok(()),
            APPLICATION_ID => {
                "comes from a newer version of this program; use that version or move it away"
            }
            _ => "is a database of another program; move it away or set DATA_DIR to another folder",
        },
        _ => NOT_A_DATABASE,
    };
    Err(of_file(path, problem, None))
}

/// The big-endian number at `at`.
fn number(header: &[u8; HEADER_BYTES], at: usize) -> i32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[at..at + 4]);
    i32::from_be_bytes(bytes)
}

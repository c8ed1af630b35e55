//! What the store's path is, read without SQLite: opening a file with SQLite can change it, and
//! we change no other program's file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::StoreError;
use super::failure::{not_a_database, read_only, unusable};
use super::schema::{APPLICATION_ID, VERSION};

/// How the file begins, see <https://www.sqlite.org/fileformat.html#the_database_header>.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER_BYTES: usize = 100;
const USER_VERSION: usize = 60;
const APPLICATION: usize = 68;

/// What may be opened.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet, or an empty file.
    Nothing,
    /// A store of this program that it can read.
    Store,
}

/// Looks at `path`; [`StoreError::Unusable`] unless a store is or can be there.
pub(super) fn look(path: &Path) -> Result<Found, StoreError> {
    let file = path.display();
    let found = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match path.parent() {
                Some(folder) if !folder.is_dir() => {
                    let folder = folder.display();
                    let problem = format!("there is no folder {folder}; create it or set DATA_DIR");
                    Err(unusable(problem, Some(error.into())))
                }
                _ => Ok(Found::Nothing),
            };
        }
        Err(error) => return Err(unreadable(path, error)),
        Ok(found) => found,
    };
    if !found.is_file() {
        let problem = format!("{file} is not a file; move it away or set DATA_DIR");
        return Err(unusable(problem, None));
    }
    if found.permissions().readonly() {
        return Err(unusable(read_only(path), None));
    }
    if found.len() == 0 {
        return Ok(Found::Nothing);
    }
    let header = header(path).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => unusable(not_a_database(path), Some(error.into())),
        _ => unreadable(path, error),
    })?;
    if !header.starts_with(MAGIC) {
        return Err(unusable(not_a_database(path), None));
    }
    if number(&header, APPLICATION) != APPLICATION_ID {
        let problem = format!(
            "{file} is a database of another program; move it away or set DATA_DIR to another folder"
        );
        return Err(unusable(problem, None));
    }
    if number(&header, USER_VERSION) > VERSION {
        return Err(unusable(newer(path), None));
    }
    Ok(Found::Store)
}

/// What to say of a file whose version this program does not know yet.
pub(super) fn newer(path: &Path) -> String {
    let file = path.display();
    format!("{file} comes from a newer version of this program; use that version or move it away")
}

fn unreadable(path: &Path, error: io::Error) -> StoreError {
    let file = path.display();
    let problem = format!("{file} cannot be read; check its permissions and DATA_DIR");
    unusable(problem, Some(error.into()))
}

fn header(path: &Path) -> io::Result<[u8; HEADER_BYTES]> {
    let mut header = [0; HEADER_BYTES];
    File::open(path)?.read_exact(&mut header)?;
    Ok(header)
}

/// The big-endian number at `at`.
fn number(header: &[u8; HEADER_BYTES], at: usize) -> i32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[at..at + 4]);
    i32::from_be_bytes(bytes)
}

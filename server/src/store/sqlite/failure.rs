//! SQLite's errors, named by outcome.

use std::error::Error;
use std::path::Path;

use rusqlite::ErrorCode;

use super::StoreError;
use crate::store::error::TOO_LARGE_A_SUM;

/// The backend's name for people.
pub(super) const STORE: &str = "SQLite";

/// What a failed `operation` on the file at `path` means to the person who runs the server.
pub(super) fn failed(path: &Path, operation: &'static str, cause: rusqlite::Error) -> StoreError {
    let file = path.display();
    let problem = match cause.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::OperationInterrupted
            | ErrorCode::OutOfMemory,
        ) => return unavailable(operation, cause),
        Some(ErrorCode::NotADatabase) => not_a_database(path),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => read_only(path),
        Some(ErrorCode::DiskFull) => format!("the disk that holds {file} is full; free some space"),
        Some(ErrorCode::DatabaseCorrupt) => damaged(path),
        // No SQLite code: a value in a row is not of the type that this program writes.
        None => damaged(path),
        Some(_) if is_overflow(&cause) => TOO_LARGE_A_SUM.to_owned(),
        Some(_) => format!("{operation} failed on {file}; the log has the cause"),
    };
    unusable(problem, Some(cause.into()))
}

/// Whether `sum()` gave up. SQLite says so in these words only.
fn is_overflow(cause: &rusqlite::Error) -> bool {
    matches!(cause, rusqlite::Error::SqliteFailure(_, Some(words)) if words == "integer overflow")
}

pub(super) fn unavailable(
    operation: &'static str,
    cause: impl Into<Box<dyn Error + Send + Sync>>,
) -> StoreError {
    StoreError::Unavailable {
        store: STORE,
        operation,
        source: cause.into(),
    }
}

pub(super) fn unusable(
    problem: String,
    source: Option<Box<dyn Error + Send + Sync>>,
) -> StoreError {
    StoreError::Unusable {
        store: STORE,
        problem,
        source,
    }
}

pub(super) fn not_a_database(path: &Path) -> String {
    let file = path.display();
    format!("{file} is not a database; move it away or set DATA_DIR to another folder")
}

pub(super) fn cannot_open(path: &Path) -> String {
    let file = path.display();
    format!("{file} cannot be opened; allow the server to write to the file and its folder")
}

pub(super) fn read_only(path: &Path) -> String {
    let file = path.display();
    format!("{file} is read-only; allow the server to write to the file and its folder")
}

pub(super) fn damaged(path: &Path) -> String {
    let file = path.display();
    format!("{file} is damaged; move it away, a new one is made at the next start")
}

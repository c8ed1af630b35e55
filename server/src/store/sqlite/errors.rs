//! SQLite's errors, named by outcome.

use std::error::Error;
use std::path::Path;

use rusqlite::ErrorCode;

use super::StoreError;
use crate::store::error::TOO_LARGE_A_SUM;

/// The backend's name for people.
pub(super) const STORE: &str = "SQLite";

type Cause = Box<dyn Error + Send + Sync>;

/// What a failed `operation` on the file at `path` means to the person who runs the server.
pub(super) fn failed(path: &Path, operation: &'static str, cause: rusqlite::Error) -> StoreError {
    let problem = match cause.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory,
        ) => return unavailable(operation, cause),
        // SQLite says so in these words only.
        _ if cause.to_string() == "integer overflow" => {
            return unusable(TOO_LARGE_A_SUM.to_owned(), Some(cause.into()));
        }
        Some(ErrorCode::NotADatabase) => NOT_A_DATABASE,
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            CANNOT_WRITE
        }
        Some(ErrorCode::DiskFull) => "is on a disk that is full; free some space",
        // Without a code: a value in a row is not of the type that this program writes.
        Some(ErrorCode::DatabaseCorrupt) | None => DAMAGED,
        Some(_) => "could not be used; the log has the cause",
    };
    of_file(path, problem, Some(cause.into()))
}

pub(super) const NOT_A_DATABASE: &str =
    "is not a database; move it away or set DATA_DIR to another folder";
pub(super) const CANNOT_WRITE: &str =
    "cannot be written; check DATA_DIR, and allow the server to write to the file and its folder";
pub(super) const DAMAGED: &str = "is damaged; move it away, a new one is made at the next start";

/// The file at `path` has a problem: "is damaged".
pub(super) fn of_file(path: &Path, problem: &str, cause: Option<Cause>) -> StoreError {
    unusable(format!("{} {problem}", path.display()), cause)
}

pub(super) fn unavailable(operation: &'static str, cause: impl Into<Cause>) -> StoreError {
    StoreError::Unavailable {
        store: STORE,
        operation,
        source: cause.into(),
    }
}

fn unusable(problem: String, source: Option<Cause>) -> StoreError {
    StoreError::Unusable {
        store: STORE,
        problem,
        source,
    }
}

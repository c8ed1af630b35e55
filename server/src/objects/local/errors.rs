//! Why a folder could not be used, for people.

use std::io::{self, ErrorKind};

/// The obstacle, and what to do about it. The system's own words about files hold no secret.
pub fn reason(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::StorageFull => "the disk is full: make room",
        ErrorKind::QuotaExceeded => "the quota of disk space is used up: raise it or make room",
        ErrorKind::PermissionDenied => {
            "there is no permission: grant it to the account that this server runs as"
        }
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::NotADirectory => "there is a file in the place of a folder: move it away",
        ErrorKind::IsADirectory => "there is a folder in the place of the file: move it away",
        ErrorKind::NotFound => "the folder is gone",
        _ => return error.to_string(),
    };
    words.to_owned()
}

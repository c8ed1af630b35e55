//! Why a folder could not be used, for people.

use std::io::{self, ErrorKind};

/// What stands in the way, and who can do something about it. Nothing that the system says of files
/// is a secret.
pub fn reason(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    if let Some(inner) = inner {
        return reason(inner);
    }
    let words = match error.kind() {
        ErrorKind::StorageFull => "the disk is full: make room",
        ErrorKind::QuotaExceeded => "the quota of disk space is used up: raise it or make room",
        ErrorKind::PermissionDenied => {
            "there is no permission: grant it to the account that this server runs as"
        }
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::NotADirectory => "a file stands where a folder belongs: move it away",
        ErrorKind::IsADirectory => "a folder stands where the file belongs: move it away",
        ErrorKind::NotFound => "the folder is gone",
        _ => return error.to_string(),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_is_said_however_deep_the_cause_is() {
        let full = || io::Error::from(ErrorKind::StorageFull);
        for error in [full(), io::Error::other(full())] {
            assert_eq!(reason(&error), "the disk is full: make room");
        }
        let own = io::Error::other("a symbolic link leads out of the archive's folder");
        assert_eq!(
            reason(&own),
            "a symbolic link leads out of the archive's folder"
        );
    }
}

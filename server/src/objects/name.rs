//! Names of objects.

use std::fmt::{self, Display};

use thiserror::Error;

/// A relative object name of plain parts: it can never leave the folder or bucket it is used in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectName(String);

/// The text cannot name an object.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "an object name has parts of letters, digits, '-', '_' and '.', joined by '/'; no part starts with '.'"
)]
pub struct BadObjectName;

impl ObjectName {
    /// Accepts names whose parts are not empty, do not start with a dot, and hold only ASCII
    /// letters, digits, `-`, `_` and `.`; at most 512 bytes.
    pub fn new(name: impl Into<String>) -> Result<Self, BadObjectName> {
        let name = name.into();
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if name.len() <= 512 && name.split('/').all(plain) {
            Ok(Self(name))
        } else {
            Err(BadObjectName)
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "a/../b",
            "a//b",
            "a/",
            "a/.hidden",
            "a\\b",
            "a b",
            "ä",
            "a\0b",
        ] {
            assert_eq!(ObjectName::new(name), Err(BadObjectName), "{name:?}");
        }
        assert!(ObjectName::new("a/".repeat(300) + "a").is_err());
    }

    #[test]
    fn names_of_archives_are_accepted() {
        let name = "shopstream/orders/2026/10/31/orders_export.jsonl";
        assert_eq!(
            ObjectName::new(name)
                .map(|name| name.to_string())
                .as_deref(),
            Ok(name)
        );
    }
}

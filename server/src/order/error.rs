//! Why a line is not an order.

use thiserror::Error;

/// The most characters of a value that a message quotes.
const QUOTED: usize = 40;

/// A line that is not an order. Messages name the field and quote at most 40 characters of it.
#[derive(Debug, Error)]
pub enum OrderError {
    #[error("expected a JSON object, found {found}")]
    NotAnObject { found: String },
    #[error("not valid JSON: {0}")]
    NotJson(serde_json::Error),
    #[error("{field} is there twice")]
    Duplicate { field: String },
    #[error("{field} is missing: expected {expected}")]
    Missing {
        field: &'static str,
        expected: &'static str,
    },
    #[error("{field}: expected {expected}, found {found}")]
    Field {
        field: &'static str,
        expected: &'static str,
        found: String,
    },
    /// Not a number that is too large or the like, but text that no store could keep.
    #[error("{field} cannot be kept: {problem}")]
    Unstorable { field: String, problem: String },
}

impl OrderError {
    /// `field` holds `found` where `expected` should be.
    pub(super) fn field(field: &'static str, expected: &'static str, found: &str) -> Self {
        Self::Field {
            field,
            expected,
            found: excerpt(found),
        }
    }
}

/// The beginning of a value, short enough for a message.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

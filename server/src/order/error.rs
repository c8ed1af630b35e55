//! Why a line is not an order.

use thiserror::Error;

/// How many characters of a value a message quotes.
const MAX_QUOTED: usize = 40;

/// Why a line is not an order. Messages name the field and quote at most 40 characters.
#[derive(Debug, Error)]
pub enum OrderError {
    #[error("expected a JSON object, found {found}")]
    NotAnObject { found: String },
    #[error("not valid JSON: {0}")]
    NotJson(serde_json::Error),
    #[error("{field} is given twice")]
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
    /// Valid JSON that not every store can keep.
    #[error("{field} cannot be stored: {problem}")]
    Unstorable { field: String, problem: String },
}

impl OrderError {
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
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

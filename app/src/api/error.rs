//! How a server function fails.

use std::fmt;

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::model::Timestamp;

/// The kind of failure, which decides the HTTP status.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The request is wrong; sending it again will not help (400).
    Invalid,
    /// A store does not answer now (503).
    Unavailable,
    /// The answer is still being computed (503).
    Computing,
    /// A fault of the server (500).
    Internal,
    /// The browser could not reach the server.
    Unreachable,
}

/// A failure in words for the page, without causes or secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    pub kind: ErrorKind,
    pub message: String,
    /// Since when the answer is being computed; else not on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

impl ApiError {
    /// A failure of this kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            since: None,
        }
    }

    /// The request is wrong; `message` says what was expected.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// A store does not answer; `message` says which.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    /// The answer is not there yet. It is being computed since `since`.
    pub fn computing(since: Timestamp) -> Self {
        let message = format!("being computed since {}", since.time_of_day());
        Self {
            since: Some(since),
            ..Self::new(ErrorKind::Computing, message)
        }
    }

    /// A fault of the server; `message` says what could not be done.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::new(
                ErrorKind::Unreachable,
                "the dashboard's server does not answer",
            ),
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::invalid(
                "the request could not be read: a field is missing or not what it should be",
            ),
            _ => Self::internal("the request failed in the server"),
        }
    }
}

//! Why an operation failed, and what that means to others.

use std::error::Error as StdError;
use std::time::Duration;

use google_cloud_auth::errors::CredentialsError;
use google_cloud_storage::Error as LibraryError;
use reqwest::StatusCode;
use thiserror::Error;

use crate::objects::{ObjectError, ObjectName};

pub const READ: &str = "read";
pub const WRITE: &str = "write";

/// How many characters of the store's own words are logged.
const LOGGED: usize = 300;

/// A failed operation. `Display` is for the log and holds no secret: no token, and no address of
/// an upload, which is as good as one.
#[derive(Debug, Error)]
pub enum Failure {
    #[error("the answer was {code}: {words}")]
    Status { code: StatusCode, words: String },
    #[error("there was no progress for {0:?}")]
    Silent(Duration),
    #[error("there are no credentials")]
    Credentials(#[source] CredentialsError),
    #[error("{0} is not granted")]
    NotGranted(&'static str),
    #[error("{reason}: {cause}")]
    Other { reason: &'static str, cause: String },
}

impl Failure {
    /// For all other reasons, each a sentence for people.
    pub fn other(reason: &'static str, error: &(dyn StdError + 'static)) -> Self {
        Self::Other {
            reason,
            cause: root_cause(error),
        }
    }

    /// From Google's library.
    pub fn of_library(error: &LibraryError) -> Self {
        let code = error.http_status_code().map(StatusCode::from_u16);
        if let Some(Ok(code)) = code {
            let words = error.status().map(|status| first_line(&status.message));
            return Self::Status {
                code,
                words: words.unwrap_or_default(),
            };
        }
        let broken = error.is_timeout() || error.is_connect() || error.is_transport();
        let reason = match broken {
            true => "the connection failed",
            false => "the request could not be made, or its answer cannot be understood",
        };
        Self::other(reason, error)
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Status { code, .. } if *code == StatusCode::NOT_FOUND)
    }

    /// Why, for people. None of the store's own words, which may say anything.
    fn reason(&self) -> String {
        match self {
            Self::Status { code, .. } => format!("the answer was {code}"),
            Self::Other { reason, .. } => (*reason).to_owned(),
            _ => self.to_string(),
        }
    }

    /// By its outcome.
    pub fn into_error(
        self,
        destination: String,
        operation: &'static str,
        name: &ObjectName,
    ) -> ObjectError {
        let name = name.clone();
        let code = match &self {
            Self::Status { code, .. } => *code,
            Self::Credentials(_) => StatusCode::UNAUTHORIZED,
            Self::NotGranted(_) => StatusCode::FORBIDDEN,
            Self::Silent(_) | Self::Other { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        match code {
            StatusCode::NOT_FOUND if operation == READ => ObjectError::NotFound { name },
            StatusCode::PRECONDITION_FAILED => ObjectError::AlreadyExists { name },
            StatusCode::FORBIDDEN => ObjectError::Forbidden {
                destination,
                source: self.into(),
            },
            StatusCode::UNAUTHORIZED => ObjectError::Credentials {
                destination,
                source: self.into(),
            },
            _ => ObjectError::Unavailable {
                destination,
                attempt: format!("{operation} {name}"),
                reason: self.reason(),
                source: self.into(),
            },
        }
    }
}

/// The last cause. Those before it may quote the address of an upload.
fn root_cause(error: &(dyn StdError + 'static)) -> String {
    let mut root = error;
    while let Some(cause) = root.source() {
        root = cause;
    }
    match root.downcast_ref::<reqwest::Error>() {
        Some(_) => "no further cause is known".to_owned(),
        None => first_line(&root.to_string()),
    }
}

fn first_line(words: &str) -> String {
    let line = words.lines().next().unwrap_or_default();
    line.chars().take(LOGGED).collect()
}

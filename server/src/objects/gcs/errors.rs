//! Why an operation failed, and what that means to others.

use std::error::Error as StdError;
use std::time::Duration;

use google_cloud_auth::errors::CredentialsError;
use google_cloud_storage::Error as LibraryError;
use reqwest::StatusCode;
use thiserror::Error;

use crate::objects::ObjectError;

/// How many characters of the store's own words are logged.
const LOGGED: usize = 300;

/// A failed operation. `Display` is for the log and holds no secret: no token, and no address of
/// an upload, which is as good as one.
#[derive(Debug, Error)]
#[error("{reason}: {cause}")]
pub struct Failure {
    /// The answer's, or the one that means the same.
    pub code: StatusCode,
    /// For people. None of the store's own words, which may say anything.
    reason: String,
    cause: String,
}

impl Failure {
    pub fn status(code: StatusCode, words: &str) -> Self {
        Self {
            code,
            reason: format!("the answer was {code}"),
            cause: first_line(words),
        }
    }

    /// No byte has moved for so long.
    pub fn silent(limit: Duration) -> Self {
        Self {
            code: StatusCode::SERVICE_UNAVAILABLE,
            reason: format!("there was no progress for {limit:?}"),
            cause: "given up".to_owned(),
        }
    }

    /// For all other reasons, each a sentence for people.
    pub fn other(reason: &str, error: &(dyn StdError + 'static)) -> Self {
        Self {
            code: StatusCode::SERVICE_UNAVAILABLE,
            reason: reason.to_owned(),
            cause: root_cause(error),
        }
    }

    pub fn credentials(error: &CredentialsError) -> Self {
        let failure = Self::other("Google's credentials could not be fetched", error);
        match error.is_transient() {
            true => failure,
            false => Self {
                code: StatusCode::UNAUTHORIZED,
                ..failure
            },
        }
    }

    /// From Google's library.
    pub fn of_library(error: &LibraryError) -> Self {
        if let Some(Ok(code)) = error.http_status_code().map(StatusCode::from_u16) {
            let words = error.status().map(|status| status.message.as_str());
            return Self::status(code, words.unwrap_or_default());
        }
        if let Some(error) = error.source().and_then(|source| source.downcast_ref()) {
            return Self::credentials(error);
        }
        let broken = error.is_timeout() || error.is_connect() || error.is_transport();
        let reason = match broken {
            true => "the connection failed",
            false => "the request could not be made, or its answer cannot be understood",
        };
        Self::other(reason, error)
    }

    /// By its outcome. `attempt` says what was tried.
    pub fn into_error(self, destination: String, attempt: String) -> ObjectError {
        match self.code {
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
                attempt,
                reason: self.reason.clone(),
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

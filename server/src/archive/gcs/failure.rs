//! Why a request failed, and what that is to others.

use std::io;
use std::time::Duration;

use google_cloud_auth::errors::CredentialsError;
use reqwest::{Response, StatusCode, header};
use serde::Deserialize;
use thiserror::Error;

use crate::archive::{ObjectError, ObjectName};

/// So much of the store's own words is logged.
const LOGGED: usize = 300;

/// A request or its credentials failed. `Display` holds no secret: no token, and no address of an
/// upload, which is as good as one.
#[derive(Debug, Error)]
pub enum Failure {
    #[error("the answer was {code}: {words}")]
    Status {
        code: StatusCode,
        retry_after: Option<Duration>,
        words: String,
    },
    #[error("there was no answer in time")]
    Silent,
    #[error("the connection failed")]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("there are no credentials")]
    Credentials(#[source] CredentialsError),
    #[error("Google's credentials did not come in time")]
    LateCredentials,
    #[error("the answer cannot be understood: {0}")]
    Answer(String),
    #[error("the upload is no longer known")]
    SessionGone,
    #[error("nothing was kept of what was sent")]
    Nothing,
    #[error("the object is not what was expected")]
    Changed,
    #[error("the content failed")]
    Content(#[source] io::Error),
}

/// What to do about a failure.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Trying again changes nothing.
    Final,
    /// The store refuses for now, or cannot be reached.
    Passing,
    /// Nobody answers.
    Silent,
}

impl Failure {
    /// From a request that got no answer, or from an answer that broke off.
    pub fn of_request(error: reqwest::Error) -> Self {
        if error.is_timeout() && !error.is_connect() {
            return Self::Silent;
        }
        Self::Connection(error.without_url().into())
    }

    /// From Google's library.
    pub fn of_library(error: google_cloud_storage::Error) -> Self {
        if let Some(code) = error
            .http_status_code()
            .and_then(|code| StatusCode::from_u16(code).ok())
        {
            let words = error.status().map(|status| first_line(&status.message));
            return Self::Status {
                code,
                retry_after: error.http_headers().and_then(retry_after),
                words: words.unwrap_or_default(),
            };
        }
        if error.is_timeout() {
            return Self::Silent;
        }
        if error.is_io() || error.is_connect() || error.is_transport() {
            return Self::Connection(error.into());
        }
        Self::Answer(error.to_string())
    }

    /// From an answer that is none of those expected.
    pub async fn of_answer(answer: Response) -> Self {
        #[derive(Deserialize)]
        struct Problem {
            error: Words,
        }
        #[derive(Deserialize)]
        struct Words {
            message: String,
        }
        let code = answer.status();
        let retry_after = retry_after(answer.headers());
        let problem = answer.json::<Problem>().await;
        let words = problem.map_or_else(
            |_| String::new(),
            |problem| first_line(&problem.error.message),
        );
        Self::Status {
            code,
            retry_after,
            words,
        }
    }

    /// As if the store had said that there is no such object.
    pub fn missing() -> Self {
        Self::Status {
            code: StatusCode::NOT_FOUND,
            retry_after: None,
            words: String::new(),
        }
    }

    pub fn is_not_found(&self) -> bool {
        self.is(StatusCode::NOT_FOUND)
    }

    /// The condition on a generation does not hold.
    pub fn is_precondition(&self) -> bool {
        self.is(StatusCode::PRECONDITION_FAILED)
    }

    fn is(&self, expected: StatusCode) -> bool {
        matches!(self, Self::Status { code, .. } if *code == expected)
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::Status { code, .. } => match code.as_u16() {
                408 | 429 | 500..600 => Kind::Passing,
                _ => Kind::Final,
            },
            Self::Connection(_) | Self::Nothing => Kind::Passing,
            Self::Silent | Self::LateCredentials => Kind::Silent,
            Self::Credentials(error) if error.is_transient() => Kind::Silent,
            Self::Credentials(_)
            | Self::Answer(_)
            | Self::SessionGone
            | Self::Changed
            | Self::Content(_) => Kind::Final,
        }
    }

    /// Whether the request may have been carried out all the same.
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::Status { code, .. } => {
                code.is_server_error() || *code == StatusCode::REQUEST_TIMEOUT
            }
            Self::Silent | Self::Connection(_) | Self::Answer(_) => true,
            Self::Credentials(_)
            | Self::LateCredentials
            | Self::SessionGone
            | Self::Nothing
            | Self::Changed
            | Self::Content(_) => false,
        }
    }

    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Nothing of the store's own words, which may say anything.
    fn reason(&self) -> String {
        match self {
            Self::Status { code, .. } => format!("the answer was {code}"),
            Self::Answer(_) => "the answer cannot be understood".to_owned(),
            _ => self.to_string(),
        }
    }

    /// By its outcome.
    pub fn into_error(
        self,
        destination: String,
        operation: &'static str,
        name: &ObjectName,
        silence: Duration,
    ) -> ObjectError {
        let name = name.clone();
        match self {
            Self::Status {
                code: StatusCode::NOT_FOUND,
                ..
            } => ObjectError::NotFound { name },
            Self::Status {
                code: StatusCode::PRECONDITION_FAILED,
                ..
            }
            | Self::Changed => ObjectError::Changed { name },
            Self::Status {
                code: StatusCode::FORBIDDEN,
                ..
            } => ObjectError::Forbidden {
                destination,
                source: self.into(),
            },
            Self::Status {
                code: StatusCode::UNAUTHORIZED,
                ..
            }
            | Self::Credentials(_)
            | Self::LateCredentials => ObjectError::Credentials {
                destination,
                source: self.into(),
            },
            Self::Silent => ObjectError::Silent {
                destination,
                operation,
                name,
                silence,
            },
            Self::Content(source) => ObjectError::Content { name, source },
            other => ObjectError::Unavailable {
                destination,
                operation,
                name,
                reason: other.reason(),
                source: other.into(),
            },
        }
    }
}

/// In seconds; Google sends no dates.
fn retry_after(headers: &header::HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

fn first_line(words: &str) -> String {
    let line = words.lines().next().unwrap_or_default();
    line.chars().take(LOGGED).collect()
}

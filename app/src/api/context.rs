//! What the server provides to its functions.

use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::{ApiError, ErrorKind};
use crate::ports::Ports;

/// Marks a call over HTTP. Rendering the page calls the same functions without it, because one
/// failed panel must not set the status of the whole page.
#[derive(Copy, Clone, Debug)]
pub struct ApiCall;

/// The ports that the server has provided.
pub(super) fn ports() -> Result<Ports, ApiError> {
    use_context().ok_or_else(|| ApiError::internal("the dashboard is not set up"))
}

/// Called before a page's answers are read, see [`crate::ports::Dashboard::settle`].
pub async fn settle() {
    if let Ok(ports) = ports() {
        ports.dashboard.settle().await;
    }
}

/// Returns the result, and sets the HTTP status of a call that failed.
pub(super) fn answer<T>(result: Result<T, ApiError>) -> Result<T, ApiError> {
    if let (Err(error), Some(ApiCall), Some(response)) =
        (&result, use_context(), use_context::<ResponseOptions>())
    {
        response.set_status(error.kind.status());
    }
    result
}

impl ErrorKind {
    /// The HTTP status of this kind.
    pub fn status(self) -> http::StatusCode {
        match self {
            Self::Invalid => http::StatusCode::BAD_REQUEST,
            Self::Unavailable | Self::Computing => http::StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal | Self::Unreachable => http::StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

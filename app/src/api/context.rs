//! What the server provides to every server function.

use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::{ApiError, ErrorKind};
use crate::ports::Ports;

/// Marks a call over HTTP. While a page is rendered the same functions run without it: a panel
/// that fails must not decide the status of the whole page.
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

/// Passes the result on, and gives a failed call over HTTP the status of its kind.
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

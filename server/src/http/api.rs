//! Server functions over HTTP.

use std::sync::Arc;

use app::api::{ApiCall, ApiError};
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;

use super::{Problem, Web, form};

/// The functions after which the page shows something else.
const CHANGES: [&str; 3] = ["refresh", "archive_start", "archive_verify"];

/// Calls the server function that the path names.
pub async fn call(
    State(web): State<Arc<Web>>,
    Path(endpoint): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let request = form::check(request).await?;
    let path = request.uri().path();
    if !leptos::server_fn::axum::server_fn_paths().any(|(known, _)| known == path) {
        let shown: String = endpoint.chars().take(40).collect();
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            format!("there is no endpoint \"{shown}\""),
        ));
    }
    let changes_the_page = CHANGES.contains(&endpoint.as_str());
    let (ports, live) = (web.ports.clone(), web.live.clone());
    let context = move || {
        provide_context(ports.clone());
        provide_context(ApiCall);
    };
    let response = handle_server_fns_with_context(context, request)
        .await
        .into_response();
    if changes_the_page {
        live.outdate().await;
    }
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        Ok(with_status_of_error(response).await)
    } else {
        Ok(response)
    }
}

/// Sets the status that fits the error: arguments that cannot be parsed fail before the server
/// function could set it.
async fn with_status_of_error(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    // The body is one of our own messages, so it needs no limit.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<ApiError>(&body) {
        parts.status = error.kind.status();
    }
    Response::from_parts(parts, Body::from(body))
}

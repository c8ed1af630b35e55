//! The server functions over HTTP.

use app::api::ApiCall;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;

use super::{Problem, Web};

/// Calls the server function that the path names.
pub async fn call(
    State(web): State<Web>,
    Path(endpoint): Path<String>,
    request: Request,
) -> Response {
    let path = request.uri().path();
    if !leptos::server_fn::axum::server_fn_paths().any(|(known, _)| known == path) {
        let shown: String = endpoint.chars().take(40).collect();
        return Problem::new(
            StatusCode::NOT_FOUND,
            format!("there is no endpoint \"{shown}\""),
        )
        .into_response();
    }
    let context = move || {
        provide_context(web.ports.clone());
        provide_context(ApiCall);
    };
    handle_server_fns_with_context(context, request)
        .await
        .into_response()
}

//! Liveness and readiness.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Web;

/// Answers while the process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// One entry per store. The status is 503 while the order store is down: the page would be empty.
pub async fn ready(State(web): State<Arc<Web>>) -> Response {
    let states = web.probes.states().await;
    let ready = states.first().is_some_and(|orders| orders.is_up());
    let stores: Vec<_> = states
        .into_iter()
        .map(|state| {
            json!({
                "role": state.role,
                "kind": state.name,
                "state": if state.is_up() { "up" } else { "down" },
                "latency_ms": state.latency_ms,
                "error": state.error,
            })
        })
        .collect();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(json!({ "ready": ready, "stores": stores }))).into_response()
}

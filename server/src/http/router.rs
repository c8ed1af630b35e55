//! Addresses and what answers them.

use std::sync::Arc;
use std::time::Duration;

use app::ports::Ports;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;

use super::{Problem, Site, api, csv, headers, health, page, problem, redirect};
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::dashboard::Probes;

/// No request takes longer: archives are jobs.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What requests use.
pub struct Web {
    pub ports: Ports,
    pub probes: Probes,
    pub clock: Arc<dyn Clock>,
    pub calendar: Calendar,
    pub site: Site,
}

/// The server: page, server functions, files and health.
pub fn router(web: Web) -> Router {
    let web = Arc::new(web);
    let files = ServeDir::new(&web.site.folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let api = Router::new()
        .route("/api/{endpoint}", post(api::call))
        .layer(CsrfLayer::new().with_rejection_response(|_| cross_site()))
        .layer(from_fn(redirect::after_post));
    Router::new()
        .route("/", get(page::page))
        .route("/panels/{file}", get(csv::panel))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .merge(api)
        .layer(CompressionLayer::new())
        .fallback_service(files)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIMEOUT,
        ))
        .layer(from_fn_with_state(web.clone(), problem::add_body))
        .layer(from_fn(headers::add))
        .with_state(web)
}

fn cross_site() -> Response {
    let message = "forms are accepted only from the dashboard's own page";
    Problem::new(StatusCode::FORBIDDEN, message).into_response()
}

//! Which address is answered by what.

use std::sync::Arc;
use std::time::Duration;

use app::ports::Ports;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;

use super::{Site, api, csv, form_post, headers, health, page, problem};
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::dashboard::Probes;

/// Nothing that a request does takes longer; archives are jobs of their own.
const DEADLINE: Duration = Duration::from_secs(30);

/// What every request can use.
pub struct Web {
    pub ports: Ports,
    pub probes: Probes,
    pub clock: Arc<dyn Clock>,
    pub calendar: Calendar,
    pub site: Site,
}

/// The whole server.
pub fn router(web: Web) -> Router {
    // A request passes it on several times.
    let web = Arc::new(web);
    let files = ServeDir::new(&web.site.folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let api = Router::new()
        .route("/api/{endpoint}", post(api::call))
        .layer(from_fn(form_post::redirect));
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
            DEADLINE,
        ))
        .layer(from_fn_with_state(web.clone(), problem::readable))
        .layer(from_fn(headers::add))
        .with_state(web)
}

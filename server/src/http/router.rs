//! Addresses and what answers them.

use std::sync::Arc;
use std::time::Duration;

use app::ports::Ports;
use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use axum::routing::{get, post};
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;

use super::kept::{self, Kept};
use super::{Site, api, csv, events, headers, health, origin, page, prefix, problem, redirect};
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::config::PublicUrl;
use crate::dashboard::{Live, Probes};

/// No request takes longer: archives are jobs.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What requests use.
pub struct Web {
    pub ports: Ports,
    pub live: Live,
    /// Ends what would go on for ever.
    pub stopping: CancellationToken,
    pub probes: Probes,
    pub clock: Arc<dyn Clock>,
    pub calendar: Calendar,
    pub site: Site,
    /// What scripts the page may run.
    pub policy: HeaderValue,
    pub kept: Kept,
    /// Where people open the page, if that is known.
    pub public_url: Option<PublicUrl>,
}

impl Web {
    /// The path before all of the dashboard's own, as browsers see them.
    pub fn prefix(&self) -> &str {
        self.public_url.as_ref().map_or("", PublicUrl::prefix)
    }
}

/// The server: page, server functions, files and health, at the root and below the prefix of
/// `PUBLIC_URL`: the proxy may take it away or leave it.
pub fn router(web: Web) -> Router {
    let web = Arc::new(web);
    let files = ServeDir::new(&web.site.folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let api = Router::new()
        .route("/api/{endpoint}", post(api::call))
        .layer(origin::layer(web.public_url.as_ref()))
        .layer(from_fn(origin::explain))
        .layer(from_fn_with_state(web.clone(), redirect::after_post));
    // Compressed before it is kept.
    let page = Router::new()
        .route("/", get(page::page))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(web.clone(), kept::keep));
    let routes = Router::new()
        .merge(page)
        .route("/events", get(events::events))
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
        .with_state(web.clone());
    if web.prefix().is_empty() {
        return routes;
    }
    // Around a router of its own, because a layer of the routes' would come after the choice of one.
    let strip = move |request| std::future::ready(prefix::strip(web.prefix(), request));
    Router::new()
        .fallback_service(routes)
        .layer(map_request(strip))
}

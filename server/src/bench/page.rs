//! The whole page out of the cache, against the same bytes out of memory.

use std::fmt;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::Request;
use axum::routing::get;
use serde::Serialize;
use tower::ServiceExt;

use super::{Samples, Summary};

const MOST_BYTES: usize = 1 << 22;

/// What rendering costs.
#[derive(Clone, Debug, Serialize)]
pub struct PageReport {
    pub rounds: u32,
    pub bytes: usize,
    pub page: Summary,
    pub page_per_second: f64,
    pub static_per_second: f64,
    /// The page's requests a second as a share of those for the same bytes from memory.
    pub share: f64,
}

/// Asks `router` for the page `rounds` times, one after the other and without a network between,
/// and an axum handler that holds the same bytes as often.
pub async fn measure_page(router: Router, rounds: u32) -> Result<PageReport, axum::Error> {
    let bytes = get_root(router.clone()).await?;
    let held = bytes.clone();
    let from_memory = Router::new().route("/", get(move || async move { held }));
    let page = Samples::of(rounds, || get_root(router.clone()))
        .await
        .summary();
    let memory = Samples::of(rounds, || get_root(from_memory.clone()))
        .await
        .summary();
    let per_second = |summary: Summary| 1_000.0 / summary.average_ms.max(f64::MIN_POSITIVE);
    Ok(PageReport {
        rounds,
        bytes: bytes.len(),
        page,
        page_per_second: per_second(page),
        static_per_second: per_second(memory),
        share: memory.average_ms / page.average_ms.max(f64::MIN_POSITIVE),
    })
}

async fn get_root(router: Router) -> Result<Bytes, axum::Error> {
    let Ok(response) = router.oneshot(Request::new(Body::empty())).await;
    to_bytes(response.into_body(), MOST_BYTES).await
}

impl fmt::Display for PageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "cached page ({} bytes), {} times",
            self.bytes, self.rounds
        )?;
        writeln!(f, "  page              {}", self.page)?;
        writeln!(f, "  requests/s        {:9.0}", self.page_per_second)?;
        writeln!(f, "  same from memory  {:9.0}", self.static_per_second)?;
        writeln!(f, "  share             {:9.4}", self.share)
    }
}

//! The cached page compared with the same bytes from memory, both over loopback.

use std::error::Error;
use std::fmt;

use axum::Router;
use axum::routing::get;
use serde::Serialize;

use super::{Samples, Served, Summary};

/// The cost of rendering.
#[derive(Clone, Debug, Serialize)]
pub struct PageReport {
    pub rounds: u32,
    pub bytes: usize,
    /// One request after the other.
    pub page: Summary,
    pub page_per_second: f64,
    pub memory_per_second: f64,
    /// Requests a second for the page divided by those from memory.
    pub share: f64,
}

/// Requests the page from `router` and the same bytes from a plain axum handler, `rounds` times each.
pub async fn measure_page(
    router: Router,
    rounds: u32,
) -> Result<PageReport, Box<dyn Error + Send + Sync>> {
    let page = Served::start(router).await?;
    let bytes = page.get("/").await?;
    let held = bytes.clone();
    let memory = Served::start(Router::new().route("/", get(async move || held.clone()))).await?;
    memory.get("/").await?;

    let one_by_one = Samples::of(rounds, async || page.get("/").await)
        .await?
        .summary();
    let page_per_second = page.per_second("/", rounds).await?;
    let memory_per_second = memory.per_second("/", rounds).await?;
    Ok(PageReport {
        rounds,
        bytes: bytes.len(),
        page: one_by_one,
        page_per_second,
        memory_per_second,
        share: page_per_second / memory_per_second,
    })
}

impl fmt::Display for PageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rounds,
            bytes,
            page,
            ..
        } = self;
        writeln!(
            f,
            "cached page ({bytes} bytes) over loopback, {rounds} times"
        )?;
        writeln!(f, "  page              {page}")?;
        writeln!(f, "  requests/s        {:9.0}", self.page_per_second)?;
        writeln!(f, "  same from memory  {:9.0}", self.memory_per_second)?;
        writeln!(f, "  share             {:9.3}", self.share)
    }
}

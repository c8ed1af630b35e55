//! The whole page out of the cache, against the same bytes out of memory, both over loopback.

use std::error::Error;
use std::fmt;
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::routing::get;
use futures::future::try_join_all;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::{Samples, Summary};

/// As many requests are under way at once when throughput is measured.
const CONNECTIONS: u32 = 4;

/// What rendering costs.
#[derive(Clone, Debug, Serialize)]
pub struct PageReport {
    pub rounds: u32,
    pub bytes: usize,
    /// One request after the other.
    pub page: Summary,
    pub page_per_second: f64,
    pub memory_per_second: f64,
    /// The page's requests a second as a share of those for the same bytes from memory.
    pub share: f64,
}

/// Asks `router` for the page `rounds` times, and an axum handler that holds the same bytes as
/// often; each a few at a time.
pub async fn measure_page(
    router: Router,
    rounds: u32,
) -> Result<PageReport, Box<dyn Error + Send + Sync>> {
    let page = Served::start(router).await?;
    let bytes = page.fetch().await?;
    let held = bytes.clone();
    let memory = Served::start(Router::new().route("/", get(async move || held.clone()))).await?;
    memory.fetch().await?;

    let one_by_one = Samples::of(rounds, async || page.fetch().await)
        .await?
        .summary();
    let page_per_second = page.per_second(rounds).await?;
    let memory_per_second = memory.per_second(rounds).await?;
    Ok(PageReport {
        rounds,
        bytes: bytes.len(),
        page: one_by_one,
        page_per_second,
        memory_per_second,
        share: page_per_second / memory_per_second,
    })
}

/// A router on a port of its own, until this is dropped.
struct Served {
    address: String,
    client: reqwest::Client,
    _server: AbortOnDropHandle<()>,
}

impl Served {
    async fn start(router: Router) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/", listener.local_addr()?);
        let server = tokio::spawn(async move {
            // Never ends by itself.
            _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .unwrap_or_default(),
            _server: AbortOnDropHandle::new(server),
        })
    }

    async fn fetch(&self) -> reqwest::Result<Bytes> {
        let response = self.client.get(&self.address).send().await?;
        response.error_for_status()?.bytes().await
    }

    async fn per_second(&self, rounds: u32) -> reqwest::Result<f64> {
        let started = Instant::now();
        let connection = async || {
            for _ in 0..rounds.div_ceil(CONNECTIONS) {
                self.fetch().await?;
            }
            reqwest::Result::Ok(())
        };
        try_join_all((0..CONNECTIONS).map(|_| connection())).await?;
        let requests = rounds.div_ceil(CONNECTIONS) * CONNECTIONS;
        Ok(f64::from(requests) / started.elapsed().as_secs_f64())
    }
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

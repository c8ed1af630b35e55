//! A router served over loopback.

use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use futures::future::try_join_all;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// Parallel connections when throughput is measured.
const CONNECTIONS: u32 = 4;

/// A server that stops when it is dropped.
#[derive(Debug)]
pub struct Served {
    address: String,
    client: reqwest::Client,
    _server: AbortOnDropHandle<()>,
}

impl Served {
    /// Serves `router` on a free port.
    pub async fn start(router: Router) -> std::io::Result<Self> {
        // reqwest needs a provider even without TLS.
        _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let server = tokio::spawn(async move {
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

    /// The body of a successful GET of `path`.
    pub async fn get(&self, path: &str) -> reqwest::Result<Bytes> {
        let response = self.client.get(format!("{}{path}", self.address));
        let response = response.send().await?;
        response.error_for_status()?.bytes().await
    }

    /// The body of a successful POST of an empty form to `path`.
    pub async fn post(&self, path: &str) -> reqwest::Result<Bytes> {
        let request = self.client.post(format!("{}{path}", self.address));
        let form = "application/x-www-form-urlencoded";
        let response = request.header("content-type", form).send().await?;
        response.error_for_status()?.bytes().await
    }

    /// Requests a second for `path` over [`CONNECTIONS`] connections.
    pub async fn per_second(&self, path: &str, rounds: u32) -> reqwest::Result<f64> {
        let started = Instant::now();
        let connection = async || {
            for _ in 0..rounds.div_ceil(CONNECTIONS) {
                self.get(path).await?;
            }
            reqwest::Result::Ok(())
        };
        try_join_all((0..CONNECTIONS).map(|_| connection())).await?;
        let requests = rounds.div_ceil(CONNECTIONS) * CONNECTIONS;
        Ok(f64::from(requests) / started.elapsed().as_secs_f64())
    }
}

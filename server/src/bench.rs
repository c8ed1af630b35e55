//! What measurements need: times, and a server that answers over loopback.

use std::fmt;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use futures::future::try_join_all;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// Parallel connections when throughput is measured.
const CONNECTIONS: u32 = 4;

/// Measured durations, shortest first.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Times `work` `rounds` times, one after the other. Stops at the first error, because a fast
    /// failure would look like a good result.
    pub async fn of<T, E>(
        rounds: u32,
        mut work: impl AsyncFnMut() -> Result<T, E>,
    ) -> Result<Self, E> {
        let mut times = Self::default();
        for _ in 0..rounds {
            let started = Instant::now();
            work().await?;
            times.add(started.elapsed());
        }
        Ok(times)
    }

    pub fn add(&mut self, time: Duration) {
        let at = self.0.partition_point(|other| *other < time);
        self.0.insert(at, time);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Zero without times.
    pub fn average_ms(&self) -> f64 {
        let sum: Duration = self.0.iter().sum();
        milliseconds(sum) / self.0.len().max(1) as f64
    }

    /// The shortest time that at least `percent` of all do not exceed; zero without times.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().map_or(0.0, milliseconds)
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "average {:9.3} ms   p50 {:9.3} ms   p99 {:9.3} ms",
            self.average_ms(),
            self.percentile_ms(50),
            self.percentile_ms(99)
        )
    }
}

/// A router on a free port, until it is dropped.
#[derive(Debug)]
pub struct Served {
    address: String,
    client: reqwest::Client,
    _server: AbortOnDropHandle<()>,
}

impl Served {
    pub async fn start(router: Router) -> std::io::Result<Self> {
        // reqwest needs a provider even without TLS.
        _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let server = tokio::spawn(async move {
            _ = axum::serve(listener, router).await;
        });
        let client = reqwest::Client::builder().no_proxy().build();
        Ok(Self {
            address,
            client: client.unwrap_or_default(),
            _server: AbortOnDropHandle::new(server),
        })
    }

    /// The body of a successful GET of `path`.
    pub async fn get(&self, path: &str) -> reqwest::Result<Bytes> {
        let request = self.client.get(format!("{}{path}", self.address));
        request.send().await?.error_for_status()?.bytes().await
    }

    /// The answer to a GET of `path`, whose body goes on.
    pub async fn open(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        let request = self.client.get(format!("{}{path}", self.address));
        request.send().await?.error_for_status()
    }

    /// The body of a successful POST of an empty form to `path`.
    pub async fn post(&self, path: &str) -> reqwest::Result<Bytes> {
        let request = self.client.post(format!("{}{path}", self.address));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.send().await?.error_for_status()?.bytes().await
    }

    /// Requests a second for `path` over [`CONNECTIONS`] connections, asked for as long as `time`.
    pub async fn per_second(&self, path: &str, time: Duration) -> reqwest::Result<f64> {
        let started = Instant::now();
        let connection = async || {
            let mut requests = 0;
            while started.elapsed() < time {
                self.get(path).await?;
                requests += 1;
            }
            Ok::<u32, reqwest::Error>(requests)
        };
        let requests = try_join_all((0..CONNECTIONS).map(|_| connection())).await?;
        Ok(f64::from(requests.iter().sum::<u32>()) / started.elapsed().as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut times = Times::default();
        let milliseconds = (1..=200).rev().map(Duration::from_millis);
        milliseconds.for_each(|time| times.add(time));
        assert_eq!(
            (times.percentile_ms(50), times.percentile_ms(99)),
            (100.0, 198.0)
        );
        assert!((times.average_ms() - 100.5).abs() < 1e-9);
        assert_eq!(Times::default().percentile_ms(99), 0.0);
    }
}

//! Durations, and what they come to.

use std::fmt;
use std::future::Future;
use std::time::{Duration, Instant};

use serde::Serialize;

/// Measured durations.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<Duration>);

/// Samples in milliseconds.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    pub average_ms: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

impl Samples {
    /// Does `work` so many times, one after the other.
    pub async fn of<F: Future>(rounds: u32, mut work: impl FnMut() -> F) -> Self {
        let mut samples = Self::default();
        for _ in 0..rounds {
            let started = Instant::now();
            work().await;
            samples.0.push(started.elapsed());
        }
        samples
    }

    /// All zero without samples.
    pub fn summary(&self) -> Summary {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1_000.0;
        // The nearest rank: the smallest sample that so many percent do not exceed.
        let percentile = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted.get(rank - 1).copied().map_or(0.0, milliseconds)
        };
        let sum: Duration = sorted.iter().sum();
        Summary {
            average_ms: milliseconds(sum) / sorted.len().max(1) as f64,
            p50_ms: percentile(50),
            p99_ms: percentile(99),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            average_ms,
            p50_ms,
            p99_ms,
        } = self;
        write!(
            f,
            "average {average_ms:9.3} ms   p50 {p50_ms:9.3} ms   p99 {p99_ms:9.3} ms"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let samples = Samples((1..=200).map(Duration::from_millis).collect());
        let summary = samples.summary();
        assert_eq!((summary.p50_ms, summary.p99_ms), (100.0, 198.0));
        assert!((summary.average_ms - 100.5).abs() < 1e-9);
    }

    #[test]
    fn nothing_measured_is_zero() {
        assert_eq!(Samples::default().summary().p99_ms, 0.0);
    }
}

//! Statistics of durations.

use std::fmt;
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
    /// Times `work` `rounds` times, one after the other. Stops at the first error, because a fast
    /// failure would look like a good result.
    pub async fn of<T, E>(
        rounds: u32,
        mut work: impl AsyncFnMut() -> Result<T, E>,
    ) -> Result<Self, E> {
        let mut samples = Self::default();
        for _ in 0..rounds {
            let started = Instant::now();
            work().await?;
            samples.0.push(started.elapsed());
        }
        Ok(samples)
    }

    pub fn add(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The longest; zero without samples.
    pub fn longest(&self) -> Duration {
        self.0.iter().max().copied().unwrap_or_default()
    }

    /// All zero without samples.
    pub fn summary(&self) -> Summary {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1_000.0;
        // Nearest rank: the smallest sample that at least `percent` of all do not exceed.
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

    #[tokio::test]
    async fn the_first_error_stops_it() {
        let mut calls = 0;
        let work = async || {
            calls += 1;
            if calls < 3 { Ok(()) } else { Err("no answer") }
        };
        assert_eq!(Samples::of(9, work).await.err(), Some("no answer"));
        assert_eq!(calls, 3);
    }

    #[test]
    fn without_samples_all_is_zero() {
        assert_eq!(Samples::default().summary().p99_ms, 0.0);
    }
}

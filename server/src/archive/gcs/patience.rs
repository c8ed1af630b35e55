//! How long to wait for the bucket, and how often.

use std::time::Duration;

use tokio::time::Instant;

use super::failure::{Failure, Kind};

/// Requests in a row that may stay without an answer.
const UNANSWERED: u32 = 2;

/// Deadlines and pauses.
#[derive(Copy, Clone, Debug)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until a request is answered; a chunk of 8 MiB is sent within it.
    pub answer: Duration,
    /// So long a store that refuses for now, or breaks connections, is asked again, counted from
    /// the last progress.
    pub budget: Duration,
    /// The first pause between two attempts; each is twice the one before.
    pub pause: Duration,
    /// No pause is longer, except where the store asks for it.
    pub longest_pause: Duration,
    /// The whole of a ping.
    pub ping: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(60),
            budget: Duration::from_secs(3600),
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            ping: Duration::from_millis(900),
        }
    }
}

impl Patience {
    /// A store that says nothing for so long is given up.
    pub fn silence(&self) -> Duration {
        self.answer * UNANSWERED
    }
}

/// The attempts at one thing.
#[derive(Debug)]
pub struct Attempts {
    patience: Patience,
    progress_at: Instant,
    failed: u32,
    unanswered: u32,
}

impl Attempts {
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            progress_at: Instant::now(),
            failed: 0,
            unanswered: 0,
        }
    }

    /// Something was achieved: what went wrong before does not count any more.
    pub fn progressed(&mut self) {
        *self = Self::new(self.patience);
    }

    /// Whether an attempt failed since the last progress.
    pub fn has_failed(&self) -> bool {
        self.failed > 0
    }

    /// Returns after a pause when it is worth trying again; otherwise gives the failure back.
    pub async fn again(&mut self, failure: Failure) -> Result<(), Failure> {
        let kind = failure.kind();
        let pause = self.pause().max(failure.retry_after().unwrap_or_default());
        self.failed += 1;
        self.unanswered = match kind {
            Kind::Silent => self.unanswered + 1,
            _ => 0,
        };
        let over = self.progress_at.elapsed() + pause > self.patience.budget;
        if kind == Kind::Final || self.unanswered >= UNANSWERED || over {
            return Err(failure);
        }
        tracing::warn!(%failure, ?pause, "Cloud Storage is asked again");
        tokio::time::sleep(pause).await;
        Ok(())
    }

    fn pause(&self) -> Duration {
        let doubled = self.patience.pause * 2_u32.pow(self.failed.min(16));
        doubled.min(self.patience.longest_pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many attempts there are, and how long they take.
    async fn attempts(failure: impl Fn() -> Failure) -> (u32, Duration) {
        let started = Instant::now();
        let mut attempts = Attempts::new(Patience::default());
        let mut count = 1;
        while attempts.again(failure()).await.is_ok() {
            count += 1;
        }
        (count, started.elapsed())
    }

    fn busy(retry_after: Option<u64>) -> Failure {
        Failure::Status {
            code: reqwest::StatusCode::SERVICE_UNAVAILABLE,
            retry_after: retry_after.map(Duration::from_secs),
            words: String::new(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_is_busy_is_asked_for_an_hour() {
        let (count, elapsed) = attempts(|| busy(None)).await;
        assert!((60..70).contains(&count), "{count}");
        assert!(elapsed > Duration::from_secs(3500), "{elapsed:?}");
        assert!(elapsed <= Duration::from_secs(3600), "{elapsed:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_store_asks_for_is_kept_to() {
        let (count, elapsed) = attempts(|| busy(Some(600))).await;
        assert_eq!((count, elapsed), (7, Duration::from_secs(3600)));
        let (count, elapsed) = attempts(|| busy(Some(3601))).await;
        assert_eq!((count, elapsed), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_borne_once() {
        let (count, _) = attempts(|| Failure::Silent).await;
        assert_eq!(count, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn progress_starts_the_count_again() {
        let mut attempts = Attempts::new(Patience::default());
        for _ in 0..10 {
            attempts.again(Failure::Silent).await.expect("an attempt");
            attempts.progressed();
        }
    }
}

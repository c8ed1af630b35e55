//! How long one read may wait for the cache.

use std::time::Duration;

use tokio::time::{Instant, timeout};

/// A cache that is slow costs a read no more than this, whatever is asked of it.
const WHOLE: Duration = Duration::from_millis(150);

/// What is left for the cache.
#[derive(Debug)]
pub struct Budget(Duration);

impl Budget {
    /// All of it.
    pub fn new() -> Self {
        Self(WHOLE)
    }

    /// What the cache answers, if it does before the budget is used up.
    pub async fn spend<T>(&mut self, ask: impl Future<Output = T>) -> Option<T> {
        let started = Instant::now();
        let answer = timeout(self.0, ask).await.ok();
        self.0 = self.0.saturating_sub(started.elapsed());
        answer
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn several_slow_answers_share_one_budget() {
        let started = Instant::now();
        let mut budget = Budget::new();
        let slow = || sleep(Duration::from_millis(100));
        assert_eq!(budget.spend(slow()).await, Some(()));
        assert_eq!(budget.spend(slow()).await, None);
        assert_eq!(budget.spend(slow()).await, None);
        // The timer counts whole milliseconds.
        assert!(started.elapsed() <= WHOLE + Duration::from_millis(2));
    }
}

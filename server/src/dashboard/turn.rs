//! Whose turn it is to compute an answer that several replicas want.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::budget::Budget;
use crate::cache::{CLAIMED_FOR, Cache, Claim, Key};

/// The pauses between two looks at another replica's claim: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// How long another replica may take. Then this one computes, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// This replica's wait for its turn to compute a key.
pub struct Turn {
    cache: Arc<dyn Cache>,
    key: Key,
    since: Instant,
    pause: Option<Duration>,
}

/// What there is to do.
pub enum Step {
    /// Compute. No other replica does, until this is dropped.
    Ours(Claimed),
    /// Compute. The cache does not say whether others do.
    Alone,
    /// Look whether the answer is there, and ask again: another replica computes.
    Theirs,
}

impl Turn {
    pub fn new(cache: Arc<dyn Cache>, key: Key) -> Self {
        Self {
            cache,
            key,
            since: Instant::now(),
            pause: None,
        }
    }

    /// Asks whether it is this replica's turn; from the second time on after a pause.
    pub async fn ask(&mut self, budget: &mut Budget) -> Step {
        if let Some(pause) = self.pause {
            sleep(pause).await;
            // What is waited for now is the database; the cache has answered.
            *budget = Budget::new();
        }
        let next = self.pause.map_or(FIRST_PAUSE, |pause| pause * 2);
        self.pause = Some(next.min(LONGEST_PAUSE));
        match budget.spend(self.cache.claim(&self.key)).await {
            Some(Claim::Ours(token)) => {
                Step::Ours(Claimed::new(self.cache.clone(), self.key.clone(), token))
            }
            Some(Claim::Theirs) if self.since.elapsed() < PATIENCE => Step::Theirs,
            _ => Step::Alone,
        }
    }
}

/// A claim that lasts until it is dropped. It is renewed all the time, so that it soon expires if
/// this process dies.
pub struct Claimed {
    cache: Arc<dyn Cache>,
    key: Key,
    token: String,
    renewing: JoinHandle<()>,
}

impl Claimed {
    fn new(cache: Arc<dyn Cache>, key: Key, token: String) -> Self {
        let (renewed, of) = (cache.clone(), key.clone());
        let renewing = tokio::spawn(async move {
            loop {
                sleep(CLAIMED_FOR / 3).await;
                renewed.renew(&of).await;
            }
        });
        Self {
            cache,
            key,
            token,
            renewing,
        }
    }
}

impl Drop for Claimed {
    /// Gives the claim back, without waiting for it to be done.
    fn drop(&mut self) {
        self.renewing.abort();
        let (cache, key, token) = (
            self.cache.clone(),
            self.key.clone(),
            std::mem::take(&mut self.token),
        );
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { cache.release(&key, &token).await });
        }
    }
}

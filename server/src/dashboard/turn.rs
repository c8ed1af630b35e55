//! Whose turn it is to compute an answer that several replicas want.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::budget::Budget;
use crate::cache::{CLAIMED_FOR, Cache, Claim, Key};

/// The pause before we look again for what another replica computes. Its claim ends with its
/// computation, or soon after it has died.
pub const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// What there is to do.
pub enum Turn {
    /// Compute. No other replica does, until this is dropped.
    Ours(Claimed),
    /// Compute. The cache does not say whether others do.
    Alone,
    /// Look whether the answer is there, and ask again: another replica computes.
    Theirs,
}

impl Turn {
    /// Asks whether it is this replica's turn to compute `key`.
    pub async fn ask(cache: &Arc<dyn Cache>, key: &Key, budget: &mut Budget) -> Self {
        match budget.spend(cache.claim(key)).await {
            Some(Claim::Ours(token)) => Self::Ours(Claimed::new(cache.clone(), key.clone(), token)),
            Some(Claim::Theirs) => Self::Theirs,
            Some(Claim::Unknown) | None => Self::Alone,
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
        let (cache, key) = (self.cache.clone(), self.key.clone());
        let token = std::mem::take(&mut self.token);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { cache.release(&key, &token).await });
        }
    }
}

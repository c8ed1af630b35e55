//! Whose turn it is to compute an answer that several replicas miss.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::budget::Budget;
use super::reader::{Data, Reader};
use crate::cache::{Cached, Claim, Key};

/// Between two looks for the answer of another replica.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Whoever waited so long for another replica computes by itself.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What a reader who found nothing does next.
pub enum Turn<T> {
    /// Nothing: another one has computed meanwhile.
    Found(Arc<Cached<T>>),
    /// It computes, and gives back the claim that it holds, if any.
    Compute(Option<String>),
}

impl Reader {
    /// Waits until it is this replica's turn to compute `key`, or its answer is there.
    pub async fn turn<T: Data>(&self, key: &Key, budget: &mut Budget) -> Turn<T> {
        let since = Instant::now();
        loop {
            match budget.spend(self.cache.claim(key)).await {
                Some(Claim::Ours(token)) => {
                    // The one before may have just given it back.
                    let Some(found) = self.cached(key, budget).await else {
                        return Turn::Compute(Some(token));
                    };
                    self.release(key, token);
                    return Turn::Found(found);
                }
                Some(Claim::Theirs) if since.elapsed() < PATIENCE => {}
                _ => return Turn::Compute(None),
            }
            sleep(LOOK_EVERY).await;
            // What is waited for now is the database; the cache has answered.
            *budget = Budget::new();
            if let Some(found) = self.cached(key, budget).await {
                return Turn::Found(found);
            }
        }
    }

    /// Gives the claim back, without waiting for it to be done.
    pub fn release(&self, key: &Key, token: String) {
        let (cache, key) = (self.cache.clone(), key.clone());
        tokio::spawn(async move { cache.release(&key, &token).await });
    }
}

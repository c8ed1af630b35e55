//! What the readers of one key share.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

/// One key's locks and counts.
#[derive(Debug, Default)]
pub struct Slot {
    computing: Mutex<()>,
    /// How many computations have begun.
    begun: AtomicU64,
    /// The last of them whose answer was cached.
    written: Mutex<u64>,
}

impl Slot {
    /// Whoever computes because nothing is cached holds this; who waits for it finds the answer
    /// cached.
    pub async fn computing(&self) -> MutexGuard<'_, ()> {
        self.computing.lock().await
    }

    /// The number of a computation that begins now.
    pub fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Does `write`, unless the answer of a computation that began later is written already: a slow
    /// answer must not replace that of a refresh.
    pub async fn write(&self, computation: u64, write: impl Future<Output = ()>) {
        let mut written = self.written.lock().await;
        if *written < computation {
            write.await;
            *written = computation;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_older_answer_does_not_replace_a_newer_one() {
        let slot = Slot::default();
        let (first, second, third) = (slot.begin(), slot.begin(), slot.begin());
        let cached = Mutex::new(0);
        // The first one ends last but one, the third one last.
        for computation in [second, first, third] {
            let write = async { *cached.lock().await = computation };
            slot.write(computation, write).await;
            assert_ne!(*cached.lock().await, first);
        }
        assert_eq!(*cached.lock().await, third);
    }
}

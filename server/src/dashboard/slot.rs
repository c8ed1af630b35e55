//! What the readers of one key share.

use std::future::Future;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

use crate::cache::Entry;

/// One key's locks and counts.
#[derive(Debug, Default)]
pub struct Slot {
    computing: Mutex<()>,
    /// How many computations have begun.
    begun: AtomicU64,
    /// The last of them whose answer was cached.
    written: Mutex<u64>,
    /// That answer, for when the store is away. A std mutex, because nothing awaits under it.
    last_known: std::sync::Mutex<Option<Entry>>,
    /// Whether what is cached is about other orders than those that the store holds now.
    outdated: AtomicBool,
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
    pub async fn write(&self, computation: u64, entry: &Entry, write: impl Future<Output = ()>) {
        let mut written = self.written.lock().await;
        if *written < computation {
            write.await;
            *written = computation;
            *self.last_known() = Some(entry.clone());
            self.outdated.store(false, Ordering::Relaxed);
        }
    }

    /// The last answer that was cached, however long ago.
    pub fn last_known(&self) -> std::sync::MutexGuard<'_, Option<Entry>> {
        self.last_known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, until the next computation, nothing that is known is worth showing.
    pub fn forget(&self) {
        *self.last_known() = None;
        self.outdated.store(true, Ordering::Relaxed);
    }

    /// Whether the cache's answer may be shown.
    pub fn is_outdated(&self) -> bool {
        self.outdated.load(Ordering::Relaxed)
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
        let entry = Entry {
            rows: "[]".to_owned(),
            meta: "{}".to_owned(),
        };
        // The first one ends last but one, the third one last.
        for computation in [second, first, third] {
            let write = async { *cached.lock().await = computation };
            slot.write(computation, &entry, write).await;
            assert_ne!(*cached.lock().await, first);
        }
        assert_eq!(*cached.lock().await, third);
    }
}

//! Whether the orders are synthetic, and what becomes of the cached answers when they no longer are.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::CachedDashboard;
use super::reader::Reader;
use crate::single_flight::{Flight, SingleFlight};
use crate::store::StoreError;

/// How long orders count as somebody's own: they stay that, unless an operator replaces them by
/// synthetic ones.
const OWN_FOR: Duration = Duration::from_secs(60);
/// How long a page waits before its answers are read.
const SETTLED_WITHIN: Duration = Duration::from_millis(400);
/// How long a page waits to say that its orders are synthetic. It says nothing of a store that
/// takes longer.
const TOLD_WITHIN: Duration = Duration::from_secs(1);

/// Where the orders come from, as far as the page has asked.
#[derive(Debug, Default)]
pub struct Origin {
    asking: SingleFlight<bool>,
    /// A std mutex, because nothing awaits while it is held.
    known: Mutex<Known>,
}

#[derive(Copy, Clone, Debug, Default)]
enum Known {
    #[default]
    Nothing,
    Synthetic {
        /// Whether there are any.
        some: bool,
    },
    Own(Instant),
}

impl Origin {
    fn known(&self) -> Known {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the store. Once the orders have changed from synthetic to others, the cached answers
    /// are about orders that are gone.
    async fn ask(&self, reader: &Reader) -> Result<(), StoreError> {
        let now = match reader.store.is_demonstration().await? {
            true => Known::Synthetic {
                some: reader.store.oldest().await?.is_some(),
            },
            false => Known::Own(Instant::now()),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *known, now);
        if matches!((before, now), (Known::Synthetic { .. }, Known::Own(_))) {
            reader.slots.forget();
        }
        Ok(())
    }
}

impl CachedDashboard {
    /// While the orders are synthetic: asks whether they still are.
    pub(super) async fn settle_origin(&self) {
        if matches!(self.origin.known(), Known::Synthetic { .. }) {
            _ = self.ask_origin().wait(SETTLED_WITHIN).await;
        }
    }

    /// Whether there are orders, and they are synthetic.
    pub(super) async fn shows_synthetic_orders(&self) -> bool {
        if matches!(self.origin.known(), Known::Own(since) if since.elapsed() < OWN_FOR) {
            return false;
        }
        let told = self.ask_origin().wait(TOLD_WITHIN).await;
        told == Ok(true)
    }

    /// Whether there are orders, and they are synthetic; false if the store does not say.
    fn ask_origin(&self) -> Flight<bool> {
        let (origin, reader) = (Arc::clone(&self.origin), Arc::clone(&self.reader));
        self.origin.asking.join(self.now(), async move {
            let asked = origin.ask(&reader).await;
            asked.is_ok() && matches!(origin.known(), Known::Synthetic { some: true })
        })
    }
}

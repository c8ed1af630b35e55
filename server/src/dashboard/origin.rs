//! Whether the orders are synthetic, and what becomes of the cached answers when they no longer are.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::CachedDashboard;
use crate::store::{OrderStore, StoreError};

/// Somebody's own orders stay that, but for an operator who replaces them by synthetic ones.
const OWN_FOR: Duration = Duration::from_secs(60);
/// A page does not wait longer before its answers are read.
const SETTLED_WITHIN: Duration = Duration::from_millis(400);
/// Nothing is claimed of orders whose store takes longer to tell.
const TOLD_WITHIN: Duration = Duration::from_secs(1);

/// Where the orders come from, as far as the page has asked.
#[derive(Debug)]
pub struct Origin {
    store: Arc<dyn OrderStore>,
    /// A std mutex, because nothing awaits under it.
    known: Mutex<Known>,
}

#[derive(Copy, Clone, Debug)]
enum Known {
    Nothing,
    Synthetic,
    Own(Instant),
}

impl Origin {
    /// The origin of the orders in `store`.
    pub fn new(store: Arc<dyn OrderStore>) -> Self {
        let known = Mutex::new(Known::Nothing);
        Self { store, known }
    }

    fn known(&self) -> Known {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the store; true when the orders were synthetic before and are not any more.
    async fn ask(&self) -> Result<bool, StoreError> {
        let now = match self.store.is_demonstration().await? {
            true => Known::Synthetic,
            false => Known::Own(Instant::now()),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *known, now);
        Ok(matches!((before, now), (Known::Synthetic, Known::Own(_))))
    }
}

impl CachedDashboard {
    /// While the orders are synthetic: asks whether they still are. If not, other orders have taken
    /// the place of those that the cached answers are about.
    pub(super) async fn settle_origin(&self) {
        if matches!(self.origin.known(), Known::Synthetic) {
            _ = timeout(SETTLED_WITHIN, self.ask_origin()).await;
        }
    }

    /// Whether there are orders, and they are synthetic.
    pub(super) async fn shows_synthetic_orders(&self) -> bool {
        if matches!(self.origin.known(), Known::Own(since) if since.elapsed() < OWN_FOR) {
            return false;
        }
        let told = async {
            self.ask_origin().await?;
            let synthetic = matches!(self.origin.known(), Known::Synthetic);
            Ok::<_, StoreError>(synthetic && self.reader.store.oldest().await?.is_some())
        };
        matches!(timeout(TOLD_WITHIN, told).await, Ok(Ok(true)))
    }

    async fn ask_origin(&self) -> Result<(), StoreError> {
        if self.origin.ask().await? {
            self.reader.slots.forget();
        }
        Ok(())
    }
}

//! Whether the orders are synthetic, and what becomes of the cached answers when they no longer are.

use std::sync::Arc;
use std::time::Duration;

use super::CachedDashboard;
use super::metrics::Metrics;
use crate::store::{OrderStore, StoreError};

/// How long orders count as somebody's own: they stay that, unless an operator replaces them by
/// synthetic ones.
const OWN_FOR: Duration = Duration::from_secs(60);
/// How long a page waits before its answers are read.
const SETTLED_WITHIN: Duration = Duration::from_millis(400);
/// How long a page waits to say that its orders are synthetic.
const TOLD_WITHIN: Duration = Duration::from_secs(1);

/// Where the orders come from.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// They are somebody's own.
    Own,
    /// There are none, and synthetic ones may come.
    None,
    Synthetic,
}

async fn origin(store: &dyn OrderStore) -> Result<Origin, StoreError> {
    Ok(match store.is_demonstration().await? {
        false => Origin::Own,
        true if store.oldest().await?.is_none() => Origin::None,
        true => Origin::Synthetic,
    })
}

impl CachedDashboard {
    /// While the orders are synthetic: asks whether they still are.
    pub(super) async fn settle_origin(&self) {
        if self.is_demonstration() {
            self.origin_within(SETTLED_WITHIN).await;
        }
    }

    /// Whether there are orders, and they are synthetic.
    pub(super) async fn shows_synthetic_orders(&self) -> bool {
        self.origin_within(TOLD_WITHIN).await == Some(Origin::Synthetic)
    }

    /// Whether the orders, if there are any, were synthetic when they were last asked for.
    fn is_demonstration(&self) -> bool {
        let known = self.origin.last();
        known.is_some_and(|origin| origin != Origin::Own)
    }

    /// Once the orders have changed from synthetic to others, everything cached is about orders
    /// that are gone, and is computed anew before that is said.
    async fn origin_within(&self, patience: Duration) -> Option<Origin> {
        let before = self.origin.last();
        let was_demonstration = self.is_demonstration();
        let ttl = match was_demonstration {
            true => Duration::ZERO,
            false => OWN_FOR,
        };
        let reader = Arc::clone(&self.reader);
        let asked = self.origin.get(ttl, patience, self.now(), async move {
            let origin = origin(reader.store.as_ref()).await;
            let origin = origin.unwrap_or(before.unwrap_or(Origin::Own));
            if was_demonstration && origin == Origin::Own {
                _ = Metrics(&reader).recompute().await;
            }
            origin
        });
        asked.await.map_or_else(|last| last, Some)
    }
}

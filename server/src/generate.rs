//! Synthetic orders, for a dashboard without data of its own.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::clock::Clock;
use crate::order::Order;
use crate::store::{OrderStore, StoreError};

mod arrivals;
mod catalog;
mod draw;
mod plan;
mod profile;
mod slots;

pub use arrivals::{Arrivals, arrive};
pub use plan::{BadPlan, Plan};

/// Orders written at once.
const BATCH: usize = 1000;
/// Of so many newest orders, one should be of the plan that the store was filled with.
const LOOK_BACK: u32 = 100;

/// What was generated.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Orders written; those that the store already had are not among them when it was only
    /// topped up.
    pub orders: u64,
    /// The times of the oldest and the newest of them; `None` without orders.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Why nothing more was generated.
#[derive(Debug, Error)]
pub enum GenerateError {
    #[error(
        "{store} holds orders that are not synthetic, and mixing them with synthetic ones would \
         give wrong numbers"
    )]
    NotDemonstration { store: String },
    #[error("the order store failed after {written} orders were written")]
    Store { written: u64, source: StoreError },
}

/// Fills the store with the plan's orders up to the clock's now: an empty one with the newest
/// [`Plan::orders`] of them, one that was filled before with those since then. A store with fewer
/// orders than the plan starts with, or filled by another plan, gets the newest ones as well;
/// writing an order again changes nothing. `progress` is told how many orders are written by now.
pub async fn generate(
    store: &dyn OrderStore,
    plan: Plan,
    clock: &dyn Clock,
    progress: impl FnMut(u64),
) -> Result<Generated, GenerateError> {
    let failed = |source| GenerateError::Store { written: 0, source };
    if !store.is_demonstration().await.map_err(failed)? {
        return Err(GenerateError::NotDemonstration {
            store: store.to_string(),
        });
    }
    fill(store, plan, clock, false, progress).await
}

/// The same among whatever orders the store holds, none of which is replaced. Metrics are then of
/// both kinds together.
pub async fn generate_among_others(
    store: &dyn OrderStore,
    plan: Plan,
    clock: &dyn Clock,
    progress: impl FnMut(u64),
) -> Result<Generated, GenerateError> {
    fill(store, plan, clock, true, progress).await
}

async fn fill(
    store: &dyn OrderStore,
    plan: Plan,
    clock: &dyn Clock,
    among_others: bool,
    progress: impl FnMut(u64),
) -> Result<Generated, GenerateError> {
    let failed = |source| GenerateError::Store { written: 0, source };
    let now = clock.now();
    let newest = newest_of(store, plan, now).await.map_err(failed)?;
    let full = store.count().await.map_err(failed)? >= plan.orders();

    match newest.filter(|_| full) {
        Some(newest) => write(store, plan.between(newest, now), among_others, progress).await,
        None => write(store, plan.initial(now), among_others, progress).await,
    }
}

/// The time of the store's newest order that is of this plan and not in the future.
async fn newest_of(
    store: &dyn OrderStore,
    plan: Plan,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let newest = store.recent_orders(LOOK_BACK).await?;
    Ok(newest
        .iter()
        .map(|order| (order.order_id.as_str(), order.created_at.utc()))
        .find(|(id, created_at)| *created_at <= now && plan.has(id, *created_at))
        .map(|(_, created_at)| created_at))
}

/// Writes the orders in batches, oldest first: should one fail, what is there has no gaps.
async fn write(
    store: &dyn OrderStore,
    mut orders: impl Iterator<Item = Order>,
    among_others: bool,
    mut progress: impl FnMut(u64),
) -> Result<Generated, GenerateError> {
    let mut generated = Generated {
        orders: 0,
        span: None,
    };
    loop {
        let batch: Vec<Order> = orders.by_ref().take(BATCH).collect();
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
            return Ok(generated);
        };
        let (first, last) = (first.created_at, last.created_at);
        let count = batch.len() as u64;
        let written = generated.orders;
        let is_written = store
            .upsert_synthetic(batch, among_others)
            .await
            .map_err(|source| GenerateError::Store { written, source })?;
        if !is_written {
            return Err(GenerateError::NotDemonstration {
                store: store.to_string(),
            });
        }
        generated.orders += count;
        generated.span = Some((generated.span.map_or(first, |(oldest, _)| oldest), last));
        progress(generated.orders);
    }
}

#[cfg(test)]
mod tests;

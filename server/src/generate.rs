//! Synthetic orders, for a dashboard without real ones.

use app::model::OrderFilter;
use chrono::{DateTime, TimeDelta, Utc};
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
mod status;
mod story;

pub use arrivals::{Arrivals, arrive};
pub use plan::{BadPlan, Plan};
pub use story::Story;

/// Orders in one write.
const BATCH_ORDERS: usize = 1000;
/// While orders arrive, statuses are at most as old.
const AGEING_INTERVAL: TimeDelta = TimeDelta::minutes(1);
/// How many of the newest orders we search for one of the plan.
const NEWEST_SEARCHED: u32 = 100;

/// What was generated.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Orders written. Topping up writes only the new ones.
    pub orders: u64,
    /// The times of the oldest and the newest order written.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Why generating ended early.
#[derive(Debug, Error)]
pub enum GenerateError {
    #[error(
        "{store} has orders that are not synthetic, and adding synthetic ones would make the figures \
         wrong"
    )]
    NotDemonstration { store: String },
    #[error("{store} already has orders of the last 40 minutes: use an empty store for this story")]
    OrdersSince { store: String },
    #[error("the order store failed after {written} orders were written")]
    Store { written: u64, source: StoreError },
}

/// Fills the store with the plan's orders up to now. A store that was filled by this plan before gets
/// the orders since then, and the statuses that have changed since then. Any other store gets the newest [`Plan::orders`] orders; writing an order
/// again changes nothing. Calls `progress` with the number of orders written so far.
pub async fn generate(
    store: &dyn OrderStore,
    plan: Plan,
    clock: &dyn Clock,
    progress: impl FnMut(u64),
) -> Result<Generated, GenerateError> {
    expect_demonstration(store).await?;
    fill(store, plan, clock, false, progress).await
}

/// Fills the store with the newest [`Plan::orders`] orders, as the story changes them.
pub async fn generate_story(
    store: &dyn OrderStore,
    plan: Plan,
    story: Story,
    clock: &dyn Clock,
    progress: impl FnMut(u64),
) -> Result<Generated, GenerateError> {
    let failed = |source| GenerateError::Store { written: 0, source };
    expect_demonstration(store).await?;
    let now = clock.now();
    let newest = newest_of(store, plan, now).await.map_err(failed)?;
    if newest.is_some_and(|newest| !story.has_order_at(newest, now)) {
        return Err(GenerateError::OrdersSince {
            store: store.to_string(),
        });
    }
    let orders = plan.initial(now);
    let orders = orders.filter_map(|order| story.order(order, now));
    write(store, orders, false, progress).await
}

async fn expect_demonstration(store: &dyn OrderStore) -> Result<(), GenerateError> {
    let failed = |source| GenerateError::Store { written: 0, source };
    match store.is_demonstration().await.map_err(failed)? {
        true => Ok(()),
        false => Err(GenerateError::NotDemonstration {
            store: store.to_string(),
        }),
    }
}

/// Does the same as [`generate`] in a store that may have other orders. It replaces none of them, and
/// figures count both kinds.
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
        Some(newest) => {
            age(
                store,
                plan,
                newest,
                newest - AGEING_INTERVAL,
                now,
                among_others,
            )
            .await?;
            write(store, plan.between(newest, now), among_others, progress).await
        }
        None => write(store, plan.initial(now), among_others, progress).await,
    }
}

/// Writes the orders up to `newest` again whose status has changed from `since` to `now`.
async fn age(
    store: &dyn OrderStore,
    plan: Plan,
    newest: DateTime<Utc>,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    among_others: bool,
) -> Result<(), GenerateError> {
    let failed = |source| GenerateError::Store { written: 0, source };
    if let Some(oldest) = store.oldest().await.map_err(failed)? {
        let orders = plan.aged(oldest, newest, since, now);
        write(store, orders, among_others, |_| {}).await?;
    }
    Ok(())
}

/// The time of the plan's newest order in the store that is not in the future.
async fn newest_of(
    store: &dyn OrderStore,
    plan: Plan,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let all = OrderFilter::default();
    let newest = store.orders(&all, None, NEWEST_SEARCHED).await?;
    Ok(newest
        .iter()
        .map(|order| (order.order_id.as_str(), order.created_at.utc()))
        .find(|(id, created_at)| *created_at <= now && plan.has(id, *created_at))
        .map(|(_, created_at)| created_at))
}

/// Writes the orders in batches, oldest first: if one fails, the orders before it have no gaps.
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
        let batch: Vec<Order> = orders.by_ref().take(BATCH_ORDERS).collect();
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
            return Ok(generated);
        };
        let (first, last) = (first.created_at, last.created_at);
        let count = batch.len() as u64;
        let written = generated.orders;
        let is_demonstration = store
            .upsert_synthetic(batch, among_others)
            .await
            .map_err(|source| GenerateError::Store { written, source })?;
        if !is_demonstration {
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

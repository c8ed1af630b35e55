//! Synthetic orders that arrive while the server runs.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{AGEING_INTERVAL, GenerateError, Plan, age, expect_demonstration, newest_of, write};
use crate::clock::Clock;
use crate::store::OrderStore;

const ARRIVAL_INTERVAL: Duration = Duration::from_secs(1);

/// Writes the plan's orders when their time has come, and their statuses as they age, until `cancel` or until the store
/// is adopted. If the store fails, logs one warning and writes the orders later.
pub async fn arrive(
    store: Arc<dyn OrderStore>,
    plan: Plan,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) {
    let mut arrivals = Arrivals::new(store, plan, clock);
    let mut ticks = tokio::time::interval(ARRIVAL_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    while cancel.run_until_cancelled(ticks.tick()).await.is_some() {
        match arrivals.write_due().await {
            Ok(_) => failing = false,
            Err(GenerateError::NotDemonstration { store }) => {
                tracing::info!("{store} has real orders now, no more synthetic ones are added");
                return;
            }
            Err(error) if !failing => {
                tracing::warn!(%error, cause = ?error, "new synthetic orders are late");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

/// The plan's orders, written one after the other.
#[derive(Debug)]
pub struct Arrivals {
    store: Arc<dyn OrderStore>,
    plan: Plan,
    clock: Arc<dyn Clock>,
    /// Orders up to here are in the store; `None` before the first write.
    seen: Option<DateTime<Utc>>,
    /// Their statuses are those of this time.
    aged: Option<DateTime<Utc>>,
}

impl Arrivals {
    /// Starts after the plan's newest order in the store, or now if there is none.
    pub fn new(store: Arc<dyn OrderStore>, plan: Plan, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            plan,
            clock,
            seen: None,
            aged: None,
        }
    }

    /// Writes the orders whose time has come since the last call, and returns how many. After an
    /// error the next call tries them again.
    pub async fn write_due(&mut self) -> Result<u64, GenerateError> {
        let store = self.store.as_ref();
        let failed = |source| GenerateError::Store { written: 0, source };
        let now = self.clock.now();
        let seen = match self.seen {
            Some(seen) => seen,
            None => {
                // A store with real orders may have none of the plan to write for a long time.
                expect_demonstration(store).await?;
                let newest = newest_of(store, self.plan, now).await.map_err(failed)?;
                *self.seen.insert(newest.unwrap_or(now))
            }
        };
        let aged = *self.aged.get_or_insert(seen - AGEING_INTERVAL);
        if now - aged >= AGEING_INTERVAL {
            age(store, self.plan, seen, aged, now, false).await?;
            self.aged = Some(now);
        }
        let mut orders = self.plan.between(seen, now).peekable();
        if orders.peek().is_none() {
            self.seen = Some(seen.max(now));
            return Ok(0);
        }
        let generated = write(store, orders, false, |_| {}).await?;
        self.seen = Some(now);
        Ok(generated.orders)
    }
}

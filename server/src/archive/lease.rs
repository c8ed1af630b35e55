//! Who may archive: one run at a time, over all processes that share the order store's database.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Clock;
use crate::store::{Lease, LeaseStore, StoreError};

mod hold;
mod process;

pub use hold::Hold;

/// A lease that is not renewed for so long is free. The clocks of the replicas may differ by less
/// than [`Leases::MARGIN`].
const LIFETIME: TimeDelta = TimeDelta::seconds(30);

/// The way to the lease. The clock is the machine's, also where the dashboard shows another time.
#[derive(Clone, Debug)]
pub struct Leases {
    pub store: Arc<dyn LeaseStore>,
    pub clock: Arc<dyn Clock>,
}

/// What came of asking for the lease.
#[derive(Debug)]
pub enum Taken {
    Held(Hold),
    /// By another run.
    Busy(Lease),
}

impl Leases {
    /// With less time left, nothing is begun that must not overlap with the next holder.
    pub const MARGIN: TimeDelta = TimeDelta::seconds(10);
    /// How often a lease is renewed.
    const EVERY: Duration = Duration::from_secs(10);

    /// Asks for the lease. One whose process has ended on this machine is taken from it.
    pub async fn take(&self, run_id: &str) -> Result<Taken, StoreError> {
        let now = self.clock.now();
        let lease = self.lease(run_id, now);
        let mut holder = self.store.take(&lease, now).await?;
        if let Some(dead) = holder.take_if(|holder| process::has_ended(&holder.process)) {
            self.store.release(&dead.run_id).await?;
            holder = self.store.take(&lease, now).await?;
        }
        Ok(match holder {
            Some(holder) => Taken::Busy(holder),
            None => Taken::Held(Hold::new(self.clone(), lease)),
        })
    }

    /// The run that holds the lease now, if one does.
    pub async fn holder(&self) -> Result<Option<String>, StoreError> {
        let now = self.clock.now();
        let held = self.store.current().await?;
        let alive = held.filter(|held| now < held.until && !process::has_ended(&held.process));
        Ok(alive.map(|held| held.run_id))
    }

    fn lease(&self, run_id: &str, now: DateTime<Utc>) -> Lease {
        Lease {
            run_id: run_id.to_owned(),
            process: process::this(),
            until: now + LIFETIME,
        }
    }
}

//! Who may archive: one run at a time, over all processes that share the order store's database.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;

use crate::clock::Clock;
use crate::store::{Lease, LeaseStore, StoreError};

/// A lease that is not renewed for this long is free. The clocks of the replicas may differ by less
/// than [`MARGIN`].
const LIFETIME: TimeDelta = TimeDelta::seconds(30);
/// With less time left, the lease counts as lost.
const MARGIN: TimeDelta = TimeDelta::seconds(10);
const RENEW_INTERVAL: Duration = Duration::from_secs(10);
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// The way to the lease. The clock is the machine's, even where the dashboard shows another time.
#[derive(Clone, Debug)]
pub struct Leases {
    pub store: Arc<dyn LeaseStore>,
    pub clock: Arc<dyn Clock>,
}

/// The answer to a request for the lease.
#[derive(Debug)]
pub enum Taken {
    Held(Hold),
    /// By the run of this id.
    Busy(String),
}

impl Leases {
    /// Asks for the lease.
    pub async fn take(&self, run_id: &str) -> Result<Taken, StoreError> {
        let now = self.clock.now();
        let lease = lease(run_id, now);
        Ok(match self.store.take(&lease, now).await? {
            Some(holder) => Taken::Busy(holder.run_id),
            None => Taken::Held(Hold {
                leases: self.clone(),
                run_id: lease.run_id,
                until: Mutex::new(lease.until),
            }),
        })
    }

    /// The run that holds the lease now, if one does.
    pub async fn holder(&self) -> Result<Option<String>, StoreError> {
        let held = self.store.current().await?;
        let held = held.filter(|held| self.clock.now() < held.until);
        Ok(held.map(|held| held.run_id))
    }
}

fn lease(run_id: &str, now: DateTime<Utc>) -> Lease {
    Lease {
        run_id: run_id.to_owned(),
        until: now + LIFETIME,
    }
}

/// A run's lease, as far as this process knows. It has to be released; else it expires.
#[derive(Debug)]
pub struct Hold {
    leases: Leases,
    run_id: String,
    /// A std mutex, because nothing awaits while it is held.
    until: Mutex<DateTime<Utc>>,
}

impl Hold {
    /// Renews the lease again and again; returns when it is lost: taken by another run, or not
    /// renewed in time because its store does not answer.
    pub async fn keep(&self) {
        loop {
            sleep(RENEW_INTERVAL).await;
            if !self.is_certain().await {
                return;
            }
        }
    }

    /// Renews the lease, and tries until it is about to expire. Whether it is this run's for
    /// [`MARGIN`] from now on.
    pub async fn is_certain(&self) -> bool {
        while !self.renew().await {
            if *self.until() <= self.leases.clock.now() + MARGIN {
                return false;
            }
            sleep(RETRY_INTERVAL).await;
        }
        true
    }

    async fn renew(&self) -> bool {
        let lease = lease(&self.run_id, self.leases.clock.now());
        match self.leases.store.renew(&lease).await {
            Ok(true) => {
                *self.until() = lease.until;
                return true;
            }
            Ok(false) => {
                tracing::warn!(run = self.run_id, "the archive's lease was lost");
                *self.until() = DateTime::UNIX_EPOCH;
            }
            Err(error) => tracing::warn!(?error, "the archive's lease could not be renewed"),
        }
        false
    }

    /// Lets the next run begin at once.
    pub async fn release(&self) {
        if let Err(error) = self.leases.store.release(&self.run_id).await {
            tracing::warn!(?error, "the archive's lease could not be released");
        }
    }

    fn until(&self) -> MutexGuard<'_, DateTime<Utc>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

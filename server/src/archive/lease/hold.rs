//! Keeping the lease while a run is under way.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio::time::sleep;

use super::{Lease, Leases};

/// A run's lease, as far as this process knows. Not released by itself: it then expires.
#[derive(Debug)]
pub struct Hold {
    leases: Leases,
    run_id: String,
    /// A std mutex, because nothing awaits under it.
    until: Mutex<DateTime<Utc>>,
}

impl Hold {
    pub(super) fn new(leases: Leases, lease: Lease) -> Self {
        Self {
            leases,
            run_id: lease.run_id,
            until: Mutex::new(lease.until),
        }
    }

    /// Renews the lease again and again; returns when it is lost: taken by another run, or not
    /// renewed in time because its store does not answer.
    pub async fn keep(&self) {
        loop {
            sleep(Leases::EVERY).await;
            if !self.is_certain().await {
                return;
            }
        }
    }

    async fn confirm(&self) -> bool {
        let lease = self.leases.lease(&self.run_id, self.leases.clock.now());
        match self.leases.store.renew(&lease).await {
            Ok(true) => {
                *self.until() = lease.until;
                !self.has_little_time()
            }
            Ok(false) => {
                tracing::warn!(run = self.run_id, "the archive's lease was lost");
                *self.until() = DateTime::UNIX_EPOCH;
                false
            }
            Err(error) => {
                tracing::warn!(?error, "the archive's lease could not be renewed");
                false
            }
        }
    }

    /// Renews the lease, and tries for as long as it has not run out; whether it is certainly this
    /// run's for [`Leases::MARGIN`] from now on.
    pub async fn is_certain(&self) -> bool {
        while !self.confirm().await {
            if self.has_little_time() {
                return false;
            }
            sleep(Leases::EVERY / 10).await;
        }
        true
    }

    /// Lets the next run begin at once.
    pub async fn release(&self) {
        if let Err(error) = self.leases.store.release(&self.run_id).await {
            tracing::warn!(?error, "the archive's lease could not be released");
        }
    }

    fn has_little_time(&self) -> bool {
        *self.until() <= self.leases.clock.now() + Leases::MARGIN
    }

    fn until(&self) -> std::sync::MutexGuard<'_, DateTime<Utc>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Who may archive: one run at a time, over all processes that share the order store's database.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use ulid::Ulid;

use crate::clock::Clock;
use crate::store::{Lease, LeaseStore, StoreError};

/// A lease that is not renewed for this long is free. A holder knows that it has lost it after 25 s:
/// the clocks of the replicas may differ by less than the rest.
const LIFETIME: TimeDelta = TimeDelta::seconds(30);
/// How often a lease is renewed, and how long that may take.
const RENEW_INTERVAL: Duration = Duration::from_secs(5);
/// After this many renewals in a row without an answer the lease counts as lost.
const FAILED_RENEWALS: u32 = 2;

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
            }),
        })
    }

    /// Does `work`, holding the lease. `None` if a run holds it, or it is lost, or `cancel` comes
    /// first.
    pub async fn hold_during<T>(
        &self,
        cancel: &CancellationToken,
        work: impl Future<Output = T>,
    ) -> Result<Option<T>, StoreError> {
        let Taken::Held(hold) = self.take(&Ulid::new().to_string()).await? else {
            return Ok(None);
        };
        let done = tokio::select! {
            biased;
            done = work => Some(done),
            () = hold.keep() => None,
            () = cancel.cancelled() => None,
        };
        hold.release().await;
        Ok(done)
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
}

impl Hold {
    /// Renews the lease again and again; returns when it is lost: taken by another run, or not
    /// renewed in time because its store does not answer.
    pub async fn keep(&self) {
        let mut failed = 0;
        while failed < FAILED_RENEWALS {
            sleep(RENEW_INTERVAL).await;
            match self.renew().await {
                Some(true) => failed = 0,
                Some(false) => return,
                None => failed += 1,
            }
        }
    }

    /// Renews the lease; whether it is certainly this run's.
    pub async fn is_certain(&self) -> bool {
        self.renew().await == Some(true)
    }

    /// Whether it is still this run's; `None` without an answer.
    async fn renew(&self) -> Option<bool> {
        let lease = lease(&self.run_id, self.leases.clock.now());
        let renewed = timeout(RENEW_INTERVAL, self.leases.store.renew(&lease)).await;
        if !matches!(renewed, Ok(Ok(true))) {
            tracing::warn!(
                ?renewed,
                run = self.run_id,
                "the archive's lease is in danger"
            );
        }
        renewed.ok()?.ok()
    }

    /// Lets the next run begin at once.
    pub async fn release(&self) {
        if let Err(error) = self.leases.store.release(&self.run_id).await {
            tracing::warn!(?error, "the archive's lease could not be released");
        }
    }
}

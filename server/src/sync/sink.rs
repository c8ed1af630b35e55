//! Writing: the lease on the orders, rows as orders, and the state beside them.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::time::sleep;
use ulid::Ulid;

use super::session::Identity;
use super::source::SourceRow;
use super::{Job, State, SyncError, window};
use crate::order::{Order, OrderId};

const LEASE: TimeDelta = TimeDelta::seconds(30);
const RENEW_AFTER: Duration = Duration::from_secs(10);
/// How long we wait for the lease of a process that may have died.
const LEASE_PATIENCE: Duration = Duration::from_secs(60);
const LEASE_PAUSE: Duration = Duration::from_secs(1);

/// The one writer of the orders.
pub struct Writer {
    pub job: Job,
    pub state: State,
    holder: String,
    renewed: Instant,
    adopted: bool,
}

impl Writer {
    /// Takes the lease. Unless it is to `wait` for another one's, [`SyncError::Held`] if there is one.
    pub async fn open(job: &Job, wait: bool) -> Result<Self, SyncError> {
        let mut writer = Self {
            job: job.clone(),
            state: State::default(),
            holder: Ulid::new().to_string(),
            renewed: Instant::now(),
            adopted: false,
        };
        let begun = Instant::now();
        while let Err(error) = writer.renew().await {
            let patient = wait && begun.elapsed() < LEASE_PATIENCE;
            if !patient || !matches!(error, SyncError::Held) {
                return Err(error);
            }
            tokio::select! {
                () = sleep(LEASE_PAUSE) => {}
                () = job.cancel.cancelled() => return Err(SyncError::Stopped),
            }
        }
        job.sink.prepare_sync().await?;
        writer.read_state().await?;
        Ok(writer)
    }

    /// Does this work alone, and frees the lease afterwards.
    pub async fn with<T>(
        job: &Job,
        work: impl AsyncFnOnce(&mut Self) -> Result<T, SyncError>,
    ) -> Result<T, SyncError> {
        let mut writer = Self::open(job, false).await?;
        let done = work(&mut writer).await;
        writer.close().await;
        done
    }

    /// Goes back to what is saved.
    pub async fn read_state(&mut self) -> Result<(), SyncError> {
        let saved = State::load(self.job.sink.as_ref()).await?;
        self.state = saved.unwrap_or_default();
        Ok(())
    }

    /// Makes sure that we are still the one who writes. A process that was suspended finds out here.
    pub async fn hold(&mut self) -> Result<(), SyncError> {
        if self.renewed.elapsed() < RENEW_AFTER {
            return Ok(());
        }
        self.renew().await
    }

    async fn renew(&mut self) -> Result<(), SyncError> {
        // The time before the call counts: the store may be slow.
        let (renewed, now) = (Instant::now(), self.job.clock.now());
        let sink = &self.job.sink;
        if !sink.take_sync_lease(&self.holder, now, now + LEASE).await? {
            return Err(SyncError::Held);
        }
        self.renewed = renewed;
        Ok(())
    }

    /// The orders are of this cluster from now on. Refused if there are orders from elsewhere, unless
    /// it may `take_over`.
    pub async fn belongs_to(
        &mut self,
        identity: &Identity,
        take_over: bool,
    ) -> Result<(), SyncError> {
        let was = &self.state.system_id;
        if *was != identity.system_id {
            let orders = &self.job.orders;
            if !take_over && orders.count().await? > 0 && !orders.is_demonstration().await? {
                return Err(SyncError::OtherSource {
                    was: match was.as_str() {
                        "" => "another program".to_owned(),
                        was => format!("another PostgreSQL cluster (system {was})"),
                    },
                    location: self.job.source.location(),
                    is: identity.system_id.clone(),
                });
            }
            self.state = State {
                system_id: identity.system_id.clone(),
                timeline: identity.timeline,
                ..State::default()
            };
            self.save().await?;
        }
        Ok(())
    }

    /// Makes `rows`, which are all rows of `keys`, the documents of these keys. An order older than
    /// the window is written only if it is there. Rows that are no orders are noted in the state.
    pub async fn write(
        &mut self,
        keys: Vec<String>,
        rows: Vec<SourceRow>,
    ) -> Result<(), SyncError> {
        let (mut orders, mut refused, mut ids) = (Vec::new(), Vec::new(), HashSet::new());
        for row in rows {
            match Order::from_json(&row.json) {
                Ok(order) if ids.insert(order.order_id.clone()) => orders.push(order),
                Ok(order) => {
                    let reason = format!("another row has the order_id {}, too", order.order_id);
                    refused.push((row.key, reason));
                }
                Err(error) => refused.push((row.key, error.to_string())),
            }
        }
        let begin = window::begin(self.job.clock.now());
        let old = orders.iter().filter(|order| order.created_at < begin);
        let old: Vec<OrderId> = old.map(|order| order.order_id.clone()).collect();
        if !old.is_empty() {
            let known = self.job.sink.known(old).await?;
            orders.retain(|order| order.created_at >= begin || known.contains(&order.order_id));
        }
        self.hold().await?;
        if !self.adopted {
            self.job.orders.adopt().await?;
            self.adopted = true;
        }
        let written = orders.len() as u64;
        let deleted = self.job.sink.replace(keys.clone(), orders).await?;
        self.state.written += written;
        self.state.deleted += deleted;
        self.state.note_refused(&keys, refused);
        Ok(())
    }

    /// Saves the state, after all that was written.
    pub async fn save(&mut self) -> Result<(), SyncError> {
        self.hold().await?;
        self.state.save(self.job.sink.as_ref()).await
    }

    /// Frees the lease.
    pub async fn close(self) {
        // It would expire by itself.
        _ = self.job.sink.release_sync_lease(&self.holder).await;
    }
}

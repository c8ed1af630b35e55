//! How a run begins, or is joined.

use std::sync::Arc;
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, Month, RunState, Window};
use chrono::{DateTime, Utc};
use tokio::time::sleep;

use super::job::ArchiveJob;
use super::lease::{Hold, Taken};
use super::run;
use super::target::Target;
use super::words::brief;
use crate::store::StoreError;

/// So often, and so far apart, it is looked for the run that holds the lease.
const LOOKS: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(100);

/// Said where the run cannot be joined.
pub const BUSY: &str =
    "another archive is being prepared or has just ended: try again in half a minute";

/// What a start has come to.
#[derive(Clone, Debug)]
pub enum Begun {
    Own(ArchiveRun),
    /// The run was under way, here or in another process.
    Joined(ArchiveRun),
    /// Somebody holds the lease whose run is not recorded yet, or has just ended.
    Busy,
}

impl Begun {
    /// The run, whoever's it is.
    pub fn run(self) -> Result<ArchiveRun, ApiError> {
        match self {
            Self::Own(run) | Self::Joined(run) => Ok(run),
            Self::Busy => Err(ApiError::unavailable(BUSY)),
        }
    }
}

impl ArchiveJob {
    /// Starts to archive `month`, or joins the run under way; does not wait for its end.
    pub async fn begin(&self, month: Option<Month>) -> Result<Begun, ApiError> {
        let job = self.clone();
        // In a task, so that a request that is dropped does not leave a lease without a run.
        let begun = self
            .tasks
            .spawn(async move { job.begin_or_join(month).await });
        let failed = |_| Err(ApiError::internal("the archive could not be started"));
        begun.await.unwrap_or_else(failed)
    }

    async fn begin_or_join(&self, month: Option<Month>) -> Result<Begun, ApiError> {
        let parts = &self.shared.parts;
        let _starting = self.starting.lock().await;
        if let Some(run) = self.under_way() {
            return Ok(Begun::Joined(run));
        }
        for _ in 0..LOOKS {
            if parts.cancel.is_cancelled() {
                return Err(ApiError::unavailable("the server is shutting down"));
            }
            let now = parts.clock.now();
            let run_id = self.id(now);
            let target = self.target(month, now, &run_id).await?;
            match parts.leases.take(&run_id).await.map_err(no_lease)? {
                Taken::Held(hold) => return Ok(Begun::Own(self.spawn(hold, run_id, now, target))),
                Taken::Busy(holder) => {
                    let found = parts.log.find(&holder.run_id).await;
                    match found.map_err(no_lease)? {
                        Some(run) if run.state.is_active() => return Ok(Begun::Joined(run)),
                        // It has not been recorded yet, or has just ended.
                        _ => sleep(BETWEEN).await,
                    }
                }
            }
        }
        Ok(Begun::Busy)
    }

    fn spawn(&self, hold: Hold, run_id: String, now: DateTime<Utc>, target: Target) -> ArchiveRun {
        let shared = &self.shared;
        let timestamp = |instant| shared.parts.calendar.timestamp(instant);
        let run = ArchiveRun {
            run_id,
            month: target.month,
            state: RunState::Running,
            orders: 0,
            bytes: 0,
            expected: None,
            crc32c: None,
            object: target.object.to_string(),
            location: shared.parts.objects.location(&target.object),
            generation: None,
            unreadable: 0,
            daily: Vec::new(),
            synthetic: false,
            window: Window {
                from: timestamp(target.window.from),
                to: timestamp(target.window.to),
            },
            started_at: timestamp(now),
            finished_at: None,
            verified_at: None,
            damaged_at: None,
            error: None,
        };
        shared.show(&run);
        let (job, begun) = (self.clone(), run.clone());
        self.tasks.spawn(async move {
            if !run::run(Arc::clone(&job.shared), hold, begun, target).await {
                job.recover_soon();
            }
        });
        run
    }
}

fn no_lease(error: StoreError) -> ApiError {
    tracing::warn!(?error, "an archive run could not be started");
    ApiError::unavailable(format!("the archive cannot be started: {}", brief(&error)))
}

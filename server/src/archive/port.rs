//! What the page may ask of the archive job.

use std::sync::Arc;
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, ArchiveStatus, Month, RunState, Window};
use app::ports::Archive;
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::job::ArchiveJob;
use super::run;
use super::target::{self, Target};
use super::words::brief;
use crate::store::StoreError;

/// Runs that are shown.
const SHOWN: u32 = 20;
/// The page does not wait longer to learn which months there are.
const MONTHS_WITHIN: Duration = Duration::from_secs(1);

#[async_trait]
impl Archive for ArchiveJob {
    async fn start(&self, month: Option<Month>) -> Result<ArchiveRun, ApiError> {
        let shared = &self.shared;
        let _starting = self.starting.lock().await;
        if let Some(run) = self.under_way() {
            return Ok(run);
        }
        if shared.parts.cancel.is_cancelled() {
            return Err(ApiError::unavailable("the server is shutting down"));
        }
        let now = shared.parts.clock.now();
        let run_id = self.id(now);
        let target = self.target(month, now, &run_id).await?;
        let timestamp = |instant| shared.parts.calendar.timestamp(instant);
        let run = ArchiveRun {
            run_id,
            month: target.month,
            state: RunState::Running,
            orders: 0,
            bytes: 0,
            crc32c: None,
            object: target.object.to_string(),
            location: shared.parts.objects.location(&target.object),
            generation: None,
            unreadable: 0,
            window: Window {
                from: timestamp(target.window.from),
                to: timestamp(target.window.to),
            },
            started_at: timestamp(now),
            finished_at: None,
            verified_at: None,
            error: None,
        };
        // Nothing awaits between these two, so that a request that is dropped cannot leave a run
        // without a task.
        shared.show(&run);
        self.tasks
            .spawn(run::run(Arc::clone(shared), run.clone(), target));
        Ok(run)
    }

    async fn status(&self) -> Result<ArchiveStatus, ApiError> {
        let shared = &self.shared;
        // The log first: a run that ends meanwhile is then shown as ended, not twice.
        let mut runs = shared
            .parts
            .log
            .newest(SHOWN + 1)
            .await
            .map_err(|error| log_failed(&error))?;
        let mut current = None;
        if let Some(shown) = shared.shown.borrow().clone() {
            runs.retain(|run| run.run_id != shown.run_id);
            if shown.state.is_active() {
                current = Some(shown);
            } else {
                runs.push(shown);
                runs.sort_by(|a, b| (b.started_at, &b.run_id).cmp(&(a.started_at, &a.run_id)));
            }
        }
        runs.truncate(SHOWN as usize);
        let running = self.running(shared.parts.clock.now())?;
        Ok(ArchiveStatus {
            current,
            runs,
            months: target::months(running, self.oldest_shown().await),
            destination: shared.parts.objects.destination(),
        })
    }
}

/// The record of runs cannot be read, said to the browser.
pub(super) fn log_failed(error: &StoreError) -> ApiError {
    tracing::warn!(?error, "the record of archive runs could not be read");
    ApiError::unavailable(format!(
        "the earlier archives are not known: {}",
        brief(error)
    ))
}

impl ArchiveJob {
    /// What to archive, if it can be.
    async fn target(
        &self,
        month: Option<Month>,
        now: DateTime<Utc>,
        run_id: &str,
    ) -> Result<Target, ApiError> {
        let running = self.running(now)?;
        let month = month.unwrap_or(running);
        let name = month.name();
        if month > running {
            return Err(ApiError::invalid(format!("{name} is still to come")));
        }
        if month < running {
            match self.oldest().await? {
                None => return Err(ApiError::invalid(format!("there are no orders of {name}"))),
                Some(oldest) if month < oldest => {
                    return Err(ApiError::invalid(format!(
                        "there are no orders of {name}: the oldest are of {}",
                        oldest.name()
                    )));
                }
                Some(_) => {}
            }
        }
        Target::new(&self.shared.parts.calendar, month, now, run_id)
            .map_err(|_| ApiError::internal("the archive could not be named"))
    }

    fn running(&self, now: DateTime<Utc>) -> Result<Month, ApiError> {
        let month = self.shared.parts.calendar.month_of(now);
        month.ok_or_else(|| ApiError::internal("the server's clock is wrong"))
    }

    /// The month of the oldest order, as of some seconds ago: not every page is a query. `None`
    /// also without the order store, since the page can still show what was archived.
    async fn oldest_shown(&self) -> Option<Month> {
        let (job, oldest) = (self.clone(), self.oldest.clone());
        let asking = tokio::spawn(async move { oldest.try_get_with((), job.oldest()).await });
        match tokio::time::timeout(MONTHS_WITHIN, asking).await {
            Ok(Ok(Ok(oldest))) => oldest,
            _ => None,
        }
    }

    /// The month of the oldest order.
    async fn oldest(&self) -> Result<Option<Month>, ApiError> {
        let oldest = self.shared.parts.store.oldest().await.map_err(|error| {
            // Of a store that is left alone the log has said so once.
            if !matches!(error, StoreError::LeftAlone { .. }) {
                tracing::warn!(?error, "the oldest order could not be read");
            }
            ApiError::unavailable(brief(&error))
        })?;
        Ok(oldest.and_then(|oldest| self.shared.parts.calendar.month_of(oldest)))
    }
}

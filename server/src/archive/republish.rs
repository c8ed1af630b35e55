//! `server archive --publish`: somebody has decided which run is published.

use app::api::ApiError;
use app::model::{ArchiveRun, RunState};
use thiserror::Error;

use super::errors::brief;
use super::job::ArchiveJob;
use super::lease::Taken;
use super::publish::publish_regardless;
use super::receipt::find;

/// Why nothing was published.
#[derive(Debug, Error)]
pub enum NotPublished {
    /// Another run holds the lease.
    #[error("{}", super::job::BUSY)]
    Busy,
    #[error(transparent)]
    Refused(#[from] ApiError),
}

impl ArchiveJob {
    /// Publishes a run that has succeeded, whatever is published now.
    pub async fn publish(&self, run_id: &str) -> Result<ArchiveRun, NotPublished> {
        let parts = &self.shared.parts;
        let mut run = find(parts, run_id).await?;
        let refused =
            |why: String| ApiError::invalid(format!("run {run_id} was not published: {why}"));
        if run.state != RunState::Succeeded {
            return Err(refused("it has not succeeded".to_owned()).into());
        }
        let taken = parts.leases.take(&self.next_id(parts.clock.now())).await;
        let hold = match taken.map_err(|error| refused(brief(&error)))? {
            Taken::Held(hold) => hold,
            Taken::Busy(_) => return Err(NotPublished::Busy),
        };
        let published = tokio::select! {
            biased;
            published = publish_regardless(parts, &mut run) => {
                published.map_err(|error| error.to_string())
            }
            () = hold.keep() => Err("the lease on the archive was lost".to_owned()),
            () = parts.cancel.cancelled() => Err("interrupted".to_owned()),
        };
        let recorded = match published {
            Ok(()) => parts.log.record(&run).await.map_err(|error| {
                let why = brief(&error);
                ApiError::unavailable(format!(
                    "run {run_id} is published, but not recorded: {why}"
                ))
            }),
            Err(why) => Err(refused(why)),
        };
        hold.release().await;
        recorded?;
        Ok(run)
    }
}

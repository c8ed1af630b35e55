//! What an archive would be, without making it.

use app::api::ApiError;
use app::model::{Filter, Month, Window};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::guard::{GuardError, Patience, Watched, guard};
use super::job::ArchiveJob;
use super::words::brief;
use crate::store::{StatusRules, StoreError};

/// What a run that started now would archive, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArchivePlan {
    pub month: Month,
    pub window: Window,
    /// Orders in the window now.
    pub orders: u64,
    pub object: String,
    pub location: String,
}

/// The months that are over, still have orders in the store, and are not completely archived.
#[derive(Debug)]
pub struct Missing {
    /// Oldest first, since those are lost first.
    pub months: Vec<Month>,
    /// Why there may be more.
    pub doubt: Option<ApiError>,
}

impl ArchiveJob {
    /// What archiving `month` would do; refuses the same months as [`ArchiveJob::begin`].
    pub async fn plan(&self, month: Option<Month>) -> Result<ArchivePlan, ApiError> {
        let parts = &self.shared.parts;
        let target = self.target(month, parts.clock.now(), "plan").await?;
        let (rules, all) = (StatusRules::default(), Filter::default());
        let counted = parts.store.totals(&rules, &all, &[target.window]).await;
        let timestamp = |instant| parts.calendar.timestamp(instant);
        Ok(ArchivePlan {
            month: target.month,
            window: Window {
                from: timestamp(target.window.from),
                to: timestamp(target.window.to),
            },
            orders: counted
                .map_err(no_answer)?
                .first()
                .map_or(0, |totals| totals.orders),
            object: target.object.to_string(),
            location: parts.objects.location(&target.object),
        })
    }

    /// What is still to be archived. An error where not even the months in the order store are known.
    pub async fn missing(&self) -> Result<Missing, ApiError> {
        let parts = &self.shared.parts;
        let now = parts.clock.now();
        let guard = guard(self.watched(now), Patience::JOB).await;
        let guard = guard.map_err(|error| not_known(&error))?;
        let running = parts.calendar.month_of(now);
        let missing = guard
            .months
            .iter()
            .rev()
            .filter(|guard| guard.archive.is_none() && Some(guard.month) != running);
        Ok(Missing {
            months: missing.map(|guard| guard.month).collect(),
            doubt: guard.doubt.as_ref().map(not_known),
        })
    }

    /// What the retention guard looks at.
    pub(super) fn watched(&self, now: DateTime<Utc>) -> Watched<'_> {
        let parts = &self.shared.parts;
        Watched {
            orders: parts.store.as_ref(),
            log: parts.log.as_ref(),
            objects: Some(parts.objects.as_ref()),
            calendar: parts.calendar,
            now,
        }
    }
}

fn not_known(error: &GuardError) -> ApiError {
    tracing::warn!(?error, "the retention guard is not known for certain");
    ApiError::unavailable(format!(
        "which months are still to be archived is not known for certain: {}",
        error.for_people()
    ))
}

fn no_answer(error: StoreError) -> ApiError {
    tracing::warn!(?error, "the order store could not be asked");
    ApiError::unavailable(brief(&error))
}

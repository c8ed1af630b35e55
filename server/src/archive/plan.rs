//! What an archive would be, without making it.

use app::api::ApiError;
use app::model::{Month, Window};
use serde::Serialize;

use super::guard;
use super::job::ArchiveJob;
use super::words::brief;
use crate::store::StoreError;

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

impl ArchiveJob {
    /// What archiving `month` would do; refuses the same months as [`ArchiveJob::begin`].
    pub async fn plan(&self, month: Option<Month>) -> Result<ArchivePlan, ApiError> {
        let parts = &self.shared.parts;
        let target = self.target(month, parts.clock.now(), "plan").await?;
        let counted = parts.store.order_counts(&[target.window]).await;
        let timestamp = |instant| parts.calendar.timestamp(instant);
        Ok(ArchivePlan {
            month: target.month,
            window: Window {
                from: timestamp(target.window.from),
                to: timestamp(target.window.to),
            },
            orders: counted.map_err(no_answer)?.first().copied().unwrap_or(0),
            object: target.object.to_string(),
            location: parts.objects.location(&target.object),
        })
    }

    /// The months that are over, still have orders in the store, and are not completely archived;
    /// oldest first, since those are lost first.
    pub async fn missing(&self) -> Result<Vec<Month>, ApiError> {
        let parts = &self.shared.parts;
        let now = parts.clock.now();
        let guard = guard(
            parts.store.as_ref(),
            parts.log.as_ref(),
            Some(parts.objects.as_ref()),
            parts.calendar,
            now,
        )
        .await;
        let guard = guard.map_err(no_answer)?;
        let running = parts.calendar.month_of(now);
        let missing = guard
            .iter()
            .rev()
            .filter(|guard| guard.archive.is_none() && Some(guard.month) != running);
        Ok(missing.map(|guard| guard.month).collect())
    }
}

fn no_answer(error: StoreError) -> ApiError {
    tracing::warn!(?error, "the order store could not be asked");
    ApiError::unavailable(brief(&error))
}

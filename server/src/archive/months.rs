//! Which months can be archived: those that the order store holds.

use app::api::ApiError;
use app::model::Month;
use chrono::{DateTime, Utc};

use super::job::ArchiveJob;
use super::target::Target;
use super::words::brief;
use crate::calendar::Calendar;
use crate::store::{OrderStore, StoreError};

/// A month of which there are orders.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct StoredMonth {
    pub month: Month,
    /// When its oldest order was made.
    pub oldest: DateTime<Utc>,
}

/// The months up to `running` of which `store` holds orders, oldest first: all of them, however far
/// back the oldest is, and none of those in between that are empty.
pub async fn stored_months(
    store: &dyn OrderStore,
    calendar: Calendar,
    running: Month,
) -> Result<Vec<StoredMonth>, StoreError> {
    let mut months = Vec::new();
    let mut since = calendar.month(Month::FIRST).from;
    while let Some(oldest) = store.oldest_since(since).await? {
        let month = calendar.month_of(oldest);
        let Some(month) = month.filter(|month| *month <= running) else {
            break;
        };
        months.push(StoredMonth { month, oldest });
        since = calendar.month(month).to;
    }
    Ok(months)
}

impl ArchiveJob {
    /// What to archive, if it can be.
    pub(super) async fn target(
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

    pub(super) fn running(&self, now: DateTime<Utc>) -> Result<Month, ApiError> {
        let month = self.shared.parts.calendar.month_of(now);
        month.ok_or_else(|| ApiError::internal("the server's clock is wrong"))
    }

    /// The month of the oldest order.
    async fn oldest(&self) -> Result<Option<Month>, ApiError> {
        let parts = &self.shared.parts;
        // In a zone west of Greenwich the first hours of 1970 are of no month.
        let first = parts.calendar.month(Month::FIRST).from;
        let oldest = parts.store.oldest_since(first).await.map_err(unknown)?;
        Ok(oldest.and_then(|oldest| parts.calendar.month_of(oldest)))
    }
}

fn unknown(error: StoreError) -> ApiError {
    // Of a store that is left alone the log has said so once.
    if !matches!(error, StoreError::LeftAlone { .. }) {
        tracing::warn!(?error, "the oldest order could not be read");
    }
    ApiError::unavailable(brief(&error))
}

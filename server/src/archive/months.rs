//! Which months can be archived: those that the order store holds.

use std::time::Duration;

use app::api::ApiError;
use app::model::Month;
use chrono::{DateTime, Utc};
use tokio::time::timeout;

use super::job::ArchiveJob;
use super::target::Target;
use super::words::brief;
use crate::calendar::Calendar;
use crate::store::{OrderStore, StoreError};

/// The page does not wait longer to learn which months there are.
pub const WITHIN: Duration = Duration::from_secs(1);

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

    /// The running month and, newest first, the others that are in the store, as of some seconds
    /// ago: not every page is a query. Without the order store the running one alone, since the page
    /// can still show what was archived.
    pub(super) async fn months_shown(&self) -> Result<Vec<Month>, ApiError> {
        let running = self.running(self.shared.parts.clock.now())?;
        let (parts, months) = (self.shared.parts.clone(), self.months.clone());
        let asking = tokio::spawn(async move {
            let stored = stored_months(parts.store.as_ref(), parts.calendar, running);
            let stored = async { stored.await.map_err(unknown) };
            months.try_get_with((), stored).await
        });
        let stored = match timeout(WITHIN, asking).await {
            Ok(Ok(Ok(stored))) => stored,
            _ => Vec::new(),
        };
        let stored = stored.iter().rev().map(|stored| stored.month);
        let before = stored.filter(|month| *month < running);
        Ok([running].into_iter().chain(before).collect())
    }

    fn running(&self, now: DateTime<Utc>) -> Result<Month, ApiError> {
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

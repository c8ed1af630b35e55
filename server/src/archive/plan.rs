//! What a run that starts now archives, and whether it can.

use app::api::ApiError;
use app::model::{ArchiveRun, Filter, Month, RunState, Window};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::errors::brief;
use super::names::{self, Target};
use super::parts::ArchiveParts;
use crate::calendar::UtcWindow;
use crate::store::{OrderStore, StatusRules, StoreError};

/// What a run would do, for `--dry-run`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArchivePlan {
    pub month: Month,
    pub window: Window,
    /// Orders in the window now.
    pub orders: u64,
    pub object: String,
    pub location: String,
}

/// What archiving `month` would do; refuses the same months as a run does.
pub async fn plan(parts: &ArchiveParts, month: Option<Month>) -> Result<ArchivePlan, ApiError> {
    let target = target(parts, month, parts.clock.now()).await?;
    let orders = orders_in(parts.store.as_ref(), target.window).await;
    let timestamp = |instant| parts.calendar.timestamp(instant);
    Ok(ArchivePlan {
        month: target.month,
        window: Window {
            from: timestamp(target.window.from),
            to: timestamp(target.window.to),
        },
        orders: orders.map_err(no_answer)?,
        object: target.dated.to_string(),
        location: parts.objects.location(&target.dated),
    })
}

/// What to archive, the running month without `month`; refuses months that are still to come or
/// older than the oldest order.
pub async fn target(
    parts: &ArchiveParts,
    month: Option<Month>,
    now: DateTime<Utc>,
) -> Result<Target, ApiError> {
    let running = running(parts, now)?;
    let month = month.unwrap_or(running);
    let name = month.name();
    if month > running {
        return Err(ApiError::invalid(format!("{name} is still to come")));
    }
    if month < running {
        // In a zone west of Greenwich the first hours of 1970 are of no month.
        let first = parts.calendar.month(Month::FIRST).from;
        let oldest = parts.store.oldest_since(first).await.map_err(no_answer)?;
        match oldest.and_then(|oldest| parts.calendar.month_of(oldest)) {
            None => return Err(ApiError::invalid(format!("there are no orders of {name}"))),
            Some(oldest) if month < oldest => {
                let oldest = oldest.name();
                return Err(ApiError::invalid(format!(
                    "there are no orders of {name}: the oldest are of {oldest}"
                )));
            }
            Some(_) => {}
        }
    }
    Target::new(parts.calendar, month, now)
        .map_err(|_| ApiError::internal("the archive could not be named"))
}

/// A run of `target` that has just started.
pub fn started(parts: &ArchiveParts, target: &Target, run_id: String) -> ArchiveRun {
    let timestamp = |instant| parts.calendar.timestamp(instant);
    let own = names::own(&run_id).unwrap_or_else(|_| target.dated.clone());
    ArchiveRun {
        run_id,
        month: target.month,
        state: RunState::Running,
        orders: 0,
        bytes: 0,
        expected: None,
        crc32c: None,
        object: target.dated.to_string(),
        stored_as: None,
        published: false,
        unpublished_because: None,
        location: parts.objects.location(&own),
        generation: None,
        unreadable: 0,
        unreadable_first: Vec::new(),
        synthetic: false,
        window: Window {
            from: timestamp(target.window.from),
            to: timestamp(target.window.to),
        },
        started_at: timestamp(parts.clock.now()),
        finished_at: None,
        verified_at: None,
        by: Some(parts.by),
        last_check: None,
        error: None,
    }
}

/// How many readable orders the window has.
pub async fn orders_in(store: &dyn OrderStore, window: UtcWindow) -> Result<u64, StoreError> {
    let (rules, all) = (StatusRules::default(), Filter::default());
    let totals = store.totals(&rules, &all, &[window]).await?;
    Ok(totals.first().map_or(0, |totals| totals.orders))
}

/// The running month.
pub fn running(parts: &ArchiveParts, now: DateTime<Utc>) -> Result<Month, ApiError> {
    let month = parts.calendar.month_of(now);
    month.ok_or_else(|| ApiError::internal("the server's clock is wrong"))
}

fn no_answer(error: StoreError) -> ApiError {
    tracing::warn!(?error, "the order store could not be asked");
    ApiError::unavailable(brief(&error))
}

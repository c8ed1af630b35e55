//! The retention guard: which months are archived, and when the others are lost.

use app::model::{ArchiveRun, Month, MonthGuard, MonthState, RunState};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;

use super::errors::brief;
use super::plan::orders_in;
use crate::calendar::Calendar;
use crate::store::{OrderStore, RunLog, StoreError};

/// How long an order is kept, see `server migrate`.
const KEPT: TimeDelta = TimeDelta::days(35);
/// How long before that an open month is urgent.
const WARNING: TimeDelta = TimeDelta::days(7);
/// Among this many newest runs of a month is one that has archived all of it.
const RUNS: u32 = 1_000;

/// What the guard asks, and when.
#[derive(Copy, Clone, Debug)]
pub struct Watched<'a> {
    pub orders: &'a dyn OrderStore,
    pub log: &'a dyn RunLog,
    pub calendar: Calendar,
    pub now: DateTime<Utc>,
}

/// The months up to `running` of which there are orders, oldest first, and when the oldest order of
/// each was made; those in between that are empty are left out.
async fn stored_months(
    watched: Watched<'_>,
    running: Month,
) -> Result<Vec<(Month, DateTime<Utc>)>, StoreError> {
    let Watched {
        orders, calendar, ..
    } = watched;
    let mut months = Vec::new();
    // In a zone west of Greenwich the first hours of 1970 are of no month.
    let mut since = calendar.month(Month::FIRST).from;
    while let Some(oldest) = orders.oldest_since(since).await? {
        let month = calendar.month_of(oldest);
        let Some(month) = month.filter(|month| *month <= running) else {
            break;
        };
        months.push((month, oldest));
        since = calendar.month(month).to;
    }
    Ok(months)
}

/// How safe each month is, newest first, beginning with the running one. Where the order store
/// does not say which months it holds, only the running one, as unknown.
pub async fn guard(watched: Watched<'_>) -> Vec<MonthGuard> {
    let Some(running) = watched.calendar.month_of(watched.now) else {
        return Vec::new();
    };
    let months = match stored_months(watched, running).await {
        Ok(months) => months,
        Err(error) => return vec![unknown(running, brief(&error))],
    };
    let over = months.into_iter().rev();
    let over = over.filter(|(month, _)| *month < running);
    let over = over.map(|(month, oldest)| async move {
        match state(watched, month, oldest).await {
            Ok(state) => MonthGuard { month, state },
            Err(error) => unknown(month, brief(&error)),
        }
    });
    let in_progress = MonthGuard {
        month: running,
        state: MonthState::InProgress,
    };
    let over = join_all(over).await;
    std::iter::once(in_progress).chain(over).collect()
}

/// A month of which nothing is known.
pub fn unknown(month: Month, because: String) -> MonthGuard {
    let state = MonthState::Unknown { because };
    MonthGuard { month, state }
}

/// The state of a month that is over.
async fn state(
    watched: Watched<'_>,
    month: Month,
    oldest: DateTime<Utc>,
) -> Result<MonthState, StoreError> {
    let whole = watched.calendar.month(month);
    let mut runs = watched.log.of_month(month, RUNS).await?;
    runs.retain(|run| {
        run.state == RunState::Succeeded
            && run.window.from.utc() <= whole.from
            && whole.to <= run.window.to.utc()
            && !run.is_damaged()
    });
    // Synthetic orders that were archived are no archive of the real ones.
    if runs.iter().any(|run| run.synthetic) && !watched.orders.is_demonstration().await? {
        runs.retain(|run| !run.synthetic);
    }
    let readable = |run: &ArchiveRun| run.orders.saturating_sub(run.unreadable);
    // The runs are newest first, and the last one of equal ones is taken.
    let best = runs.iter().rev().max_by_key(|run| readable(run));
    let Some((run, verified_at)) = best.and_then(|run| Some((run, run.verified_at?))) else {
        let leaves_at = oldest + KEPT;
        return Ok(MonthState::Open {
            leaves_at: watched.calendar.timestamp(leaves_at),
            urgent: leaves_at - WARNING <= watched.now,
        });
    };
    let since = match watched.now - KEPT <= whole.from {
        true => {
            let orders = orders_in(watched.orders, whole).await?;
            Some(orders.saturating_sub(readable(run)))
        }
        false => None,
    };
    Ok(MonthState::Archived {
        run_id: run.run_id.clone(),
        verified_at,
        since,
    })
}

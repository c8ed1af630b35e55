//! The retention guard: which months are archived, and by when they are lost if they are not.

use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, CompleteArchive, Month, MonthGuard, RunState};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use tokio::time::timeout;

use super::{ObjectName, ObjectStore, RunLog, target};
use crate::calendar::{Calendar, UtcWindow};
use crate::store::{OrderStore, StoreError};

/// So long an order is kept, see `server migrate`.
const KEPT: TimeDelta = TimeDelta::days(35);
/// So long before that a month that is not archived is urgent.
const WARNED: TimeDelta = TimeDelta::days(7);
/// Among so many newest runs the archives are looked for.
const RUNS: u32 = 500;
/// The orders are not counted for longer.
const COUNTED_WITHIN: Duration = Duration::from_millis(1_500);
/// And the archives not looked for.
const FOUND_WITHIN: Duration = Duration::from_secs(1);

/// The last answer, for a while.
pub(super) type Guarded = moka::future::Cache<(), Arc<Vec<MonthGuard>>>;

/// How safe the orders of each month are, from the month of `now` back to that of the oldest order.
/// Without `objects`, or where they do not answer soon, what is recorded as archived counts as there.
pub async fn guard(
    store: &dyn OrderStore,
    log: &dyn RunLog,
    objects: Option<&dyn ObjectStore>,
    calendar: Calendar,
    now: DateTime<Utc>,
) -> Result<Vec<MonthGuard>, StoreError> {
    let (Some(oldest), Some(running)) = (store.oldest().await?, calendar.month_of(now)) else {
        return Ok(Vec::new());
    };
    let months = target::months(running, calendar.month_of(oldest));
    // Windows follow each other: oldest first.
    let windows: Vec<UtcWindow> = months.iter().rev().map(|m| calendar.month(*m)).collect();
    let (counts, runs) = futures::join!(
        timeout(COUNTED_WITHIN, store.order_counts(&windows)),
        log.newest(RUNS)
    );
    let (counts, runs) = (counts.ok().and_then(Result::ok), runs?);
    let stock = |(back, month): (usize, &Month)| {
        let whole = calendar.month(*month);
        Stock {
            month: *month,
            whole,
            running: *month == running,
            orders: counts
                .as_ref()
                .and_then(|counts| counts.iter().rev().nth(back).copied()),
            first: whole.from.max(oldest),
        }
    };
    let guarded = months.iter().enumerate().map(stock).map(async |stock| {
        let run = runs.iter().find(|run| stock.is_complete(run));
        let run = match (run, objects) {
            (Some(run), Some(objects)) => is_there(objects, run).await.then_some(run),
            (run, _) => run,
        };
        stock.guard(run, calendar, now)
    });
    Ok(join_all(guarded).await)
}

/// Whether the run's archive is where the run has stored it, and as long; whether its content is
/// still the same, only reading it back would tell.
async fn is_there(objects: &dyn ObjectStore, run: &ArchiveRun) -> bool {
    let Ok(name) = ObjectName::new(run.object.as_str()) else {
        return false;
    };
    match timeout(FOUND_WITHIN, objects.stat(&name)).await {
        Ok(Ok(found)) => found.is_some_and(|found| found.bytes == run.bytes),
        _ => true,
    }
}

/// What the order store holds of a month.
struct Stock {
    month: Month,
    whole: UtcWindow,
    running: bool,
    orders: Option<u64>,
    /// When its first order can have been made.
    first: DateTime<Utc>,
}

impl Stock {
    /// `run` is one that has archived it completely.
    fn guard(
        &self,
        run: Option<&ArchiveRun>,
        calendar: Calendar,
        now: DateTime<Utc>,
    ) -> MonthGuard {
        let archive = run.and_then(|run| {
            Some(CompleteArchive {
                run_id: run.run_id.clone(),
                verified_at: run.verified_at?,
            })
        });
        let leaves_at = self.first + KEPT;
        // The running month ends before its first orders leave, and cannot be archived completely
        // until then: there is nothing to do about it yet.
        let due = !self.running && self.orders != Some(0) && leaves_at - WARNED <= now;
        MonthGuard {
            month: self.month,
            urgent: due && archive.is_none(),
            archive,
            orders: self.orders,
            leaves_at: calendar.timestamp(leaves_at),
        }
    }

    /// Whether the run has archived the whole month, and no order of it has arrived since.
    fn is_complete(&self, run: &ArchiveRun) -> bool {
        run.state == RunState::Succeeded
            && run.verified_at.is_some()
            && run.month == self.month
            && !self.running
            && run.window.from.utc() <= self.whole.from
            && self.whole.to <= run.window.to.utc()
            && self.orders.is_none_or(|orders| orders <= run.orders)
    }
}

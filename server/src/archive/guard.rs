//! The retention guard: which months are archived, and by when they are lost if they are not.

use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, CompleteArchive, Month, MonthGuard, RunState};
use chrono::{DateTime, TimeDelta, Utc};
use futures::stream::{self, StreamExt};
use tokio::time::{Instant, timeout, timeout_at};

use super::months::{StoredMonth, stored_months};
use super::{ObjectName, ObjectStore, RunLog};
use crate::calendar::{Calendar, UtcWindow};
use crate::store::{OrderStore, StoreError};

/// So long an order is kept, see `server migrate`.
pub(super) const KEPT: TimeDelta = TimeDelta::days(35);
/// So long before that a month that is not archived is urgent.
const WARNED: TimeDelta = TimeDelta::days(7);
/// Among so many newest runs the archives are looked for, and only where one is not found there,
/// among so many more: whoever archives every hour has a long record.
const RUNS: [u32; 2] = [500, 10_000];
/// The orders are not counted for longer.
const COUNTED_WITHIN: Duration = Duration::from_millis(1_500);
/// And the archives not looked for.
const FOUND_WITHIN: Duration = Duration::from_secs(1);
/// So many of them at a time.
const AT_ONCE: usize = 16;

/// The last answer, for a while.
pub(super) type Guarded = moka::future::Cache<(), Arc<Vec<MonthGuard>>>;

/// How safe the orders of each month are: of the running one, and of every other that is in `store`,
/// newest first; empty where there are no orders. Without `objects`, or where they do not answer
/// soon, what is recorded as archived counts as there.
pub async fn guard(
    store: &dyn OrderStore,
    log: &dyn RunLog,
    objects: Option<&dyn ObjectStore>,
    calendar: Calendar,
    now: DateTime<Utc>,
) -> Result<Vec<MonthGuard>, StoreError> {
    let Some(running) = calendar.month_of(now) else {
        return Ok(Vec::new());
    };
    let stocks = stocks(store, calendar, running).await?;
    let mut runs = runs(log, &stocks).await?;
    // What was archived before the first orders of one's own came is no archive of these.
    if runs.iter().any(|run| run.synthetic) && !store.is_demonstration().await? {
        runs.retain(|run| !run.synthetic);
    }
    let deadline = Instant::now() + FOUND_WITHIN;
    let guarded = stocks.into_iter().rev().map(async |stock| {
        let run = runs.iter().find(|run| stock.is_complete(run));
        let run = match (run, objects) {
            (Some(run), Some(objects)) => is_there(objects, run, deadline).await.then_some(run),
            (run, _) => run,
        };
        stock.guard(run, calendar, now)
    });
    Ok(stream::iter(guarded).buffered(AT_ONCE).collect().await)
}

/// The months in the store and, if there are any, the running one; oldest first.
async fn stocks(
    store: &dyn OrderStore,
    calendar: Calendar,
    running: Month,
) -> Result<Vec<Stock>, StoreError> {
    let mut months = stored_months(store, calendar, running).await?;
    if months.last().is_some_and(|newest| newest.month != running) {
        let oldest = calendar.month(running).from;
        let month = running;
        months.push(StoredMonth { month, oldest });
    }
    let windows: Vec<UtcWindow> = months
        .iter()
        .map(|stored| calendar.month(stored.month))
        .collect();
    let counts = timeout(COUNTED_WITHIN, store.order_counts(&windows)).await;
    let counts = counts.ok().and_then(Result::ok);
    let stock = |(index, (stored, whole)): (usize, (StoredMonth, UtcWindow))| Stock {
        month: stored.month,
        whole,
        running: stored.month == running,
        orders: counts
            .as_ref()
            .and_then(|counts| counts.get(index).copied()),
        first: stored.oldest,
    };
    let months = months.into_iter().zip(windows.iter().copied());
    Ok(months.enumerate().map(stock).collect())
}

/// The newest runs: as many as it takes to find an archive of every month, if there is one.
async fn runs(log: &dyn RunLog, stocks: &[Stock]) -> Result<Vec<ArchiveRun>, StoreError> {
    let [few, many] = RUNS;
    let runs = log.newest(few).await?;
    let is_archived =
        |stock: &Stock| stock.running || runs.iter().any(|run| stock.is_complete(run));
    if runs.len() < few as usize || stocks.iter().all(is_archived) {
        return Ok(runs);
    }
    log.newest(many).await
}

/// Whether the run's archive is where the run has stored it, and as long; whether its content is
/// still the same, only reading it back would tell.
async fn is_there(objects: &dyn ObjectStore, run: &ArchiveRun, deadline: Instant) -> bool {
    let Ok(name) = ObjectName::new(run.object.as_str()) else {
        return false;
    };
    match timeout_at(deadline, objects.stat(&name)).await {
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
    /// When its oldest order was made.
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
        let due = !self.running && leaves_at - WARNED <= now;
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

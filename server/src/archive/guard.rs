//! The retention guard: which months are archived, and by when they are lost if they are not.

use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, MonthGuard};
use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt};
use tokio::time::{Instant, timeout, timeout_at};

use super::months::{StoredMonth, stored_months};
use super::stock::Stock;
use super::{ObjectName, ObjectStore, RunLog};
use crate::calendar::{Calendar, UtcWindow};
use crate::store::{OrderStore, StoreError};

/// Among so many newest runs the archives are looked for, and only where one is not found there,
/// among so many more: whoever archives every hour has a long record.
const RUNS: [u32; 2] = [500, 10_000];
/// The orders are not counted for longer.
const COUNTED_WITHIN: Duration = Duration::from_millis(1_500);
/// And the archives not looked for: both are within a page's second if the orders take no longer.
const FOUND_WITHIN: Duration = Duration::from_millis(600);
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
    let months = stored_months(store, calendar, running).await?;
    guard_of(months, store, log, objects, calendar, now).await
}

/// The same of these months, which are those of which there are orders, oldest first.
pub(super) async fn guard_of(
    mut months: Vec<StoredMonth>,
    store: &dyn OrderStore,
    log: &dyn RunLog,
    objects: Option<&dyn ObjectStore>,
    calendar: Calendar,
    now: DateTime<Utc>,
) -> Result<Vec<MonthGuard>, StoreError> {
    let running = calendar.month_of(now);
    if let (Some(month), Some(newest)) = (running, months.last())
        && newest.month != month
    {
        let oldest = calendar.month(month).from;
        months.push(StoredMonth { month, oldest });
    }
    let stock = |stored: StoredMonth| {
        let is_running = Some(stored.month) == running;
        Stock::new(stored, is_running, calendar, now)
    };
    let mut stocks: Vec<Stock> = months.into_iter().map(stock).collect();
    count(store, &mut stocks).await;
    let mut runs = runs(log, &stocks).await?;
    // What was archived before the first orders of one's own came is no archive of these.
    if runs.iter().any(|run| run.synthetic) && !store.is_demonstration().await? {
        runs.retain(|run| !run.synthetic);
    }
    let deadline = Instant::now() + FOUND_WITHIN;
    let guarded = stocks.into_iter().rev().map(async |stock| {
        let complete = runs.iter().find(|run| stock.is_complete(run));
        let run = complete.or_else(|| runs.iter().find(|run| stock.was_complete(run)));
        let run = match (run, objects) {
            (Some(run), Some(objects)) => is_there(objects, run, deadline).await.then_some(run),
            (run, _) => run,
        };
        stock.guard(run, calendar, now)
    });
    Ok(stream::iter(guarded).buffered(AT_ONCE).collect().await)
}

/// Counts the orders, if the store does so soon.
async fn count(store: &dyn OrderStore, stocks: &mut [Stock]) {
    let windows: Vec<UtcWindow> = stocks.iter().flat_map(Stock::parts).collect();
    if let Ok(Ok(counts)) = timeout(COUNTED_WITHIN, store.order_counts(&windows)).await {
        let mut counts = counts.into_iter();
        for stock in stocks {
            stock.take(&mut counts);
        }
    }
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

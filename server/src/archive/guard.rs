//! The retention guard: which months are archived, and by when they are lost if they are not.

use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, MonthGuard};
use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};
use thiserror::Error;
use tokio::time::{Instant, timeout, timeout_at};

use super::months::{StoredMonth, stored_months};
use super::stock::Stock;
use super::words::brief;
use super::{ObjectError, ObjectName, ObjectStore, RunLog};
use crate::calendar::{Calendar, UtcWindow};
use crate::store::{OrderStore, StoreError};

/// Among so many newest runs the archives are looked for, and only where one is not found there,
/// among so many more: whoever archives every hour has a long record.
const RUNS: [u32; 2] = [500, 10_000];
/// For a page the orders are not counted for longer: from two seconds on, the order store would be
/// taken for one that does not answer.
const COUNTED_SOON: Duration = Duration::from_millis(1_500);
/// And the archives not looked for: both are within a page's second if the orders take no longer.
const FOUND_SOON: Duration = Duration::from_millis(600);
/// Whoever has to be sure looks for them so long.
const FOUND_WITHIN: Duration = Duration::from_secs(10);
/// So many of them at a time.
const AT_ONCE: usize = 16;

/// The last answer, for a while.
pub(super) type Guarded = moka::future::Cache<(), Arc<Vec<MonthGuard>>>;

/// Why nobody knows which months are archived.
#[derive(Debug, Error)]
pub enum GuardError {
    #[error(transparent)]
    Orders(#[from] Arc<StoreError>),
    #[error(transparent)]
    Archives(#[from] ObjectError),
    #[error("the archives were not found within {} s", FOUND_WITHIN.as_secs())]
    Late,
}

impl From<StoreError> for GuardError {
    fn from(error: StoreError) -> Self {
        Self::Orders(Arc::new(error))
    }
}

impl GuardError {
    /// What happened, as far as it may be told.
    pub fn for_people(&self) -> String {
        match self {
            Self::Orders(error) => brief(error),
            Self::Archives(error) => error.for_people(),
            Self::Late => self.to_string(),
        }
    }
}

/// What the guard looks at.
#[derive(Copy, Clone, Debug)]
pub struct Watched<'a> {
    pub orders: &'a dyn OrderStore,
    pub log: &'a dyn RunLog,
    /// Without them, what is recorded as archived counts as there.
    pub objects: Option<&'a dyn ObjectStore>,
    pub calendar: Calendar,
    pub now: DateTime<Utc>,
}

/// What is made of a store that does not tell soon how many orders or which archives there are.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Haste {
    /// What is recorded counts: a page shows at least that.
    Soon,
    /// Then it is not known.
    Sure,
}

/// How safe the orders of each month are: of the running one, and of every other that is in the
/// order store, newest first; empty where there are no orders.
pub async fn guard(watched: Watched<'_>) -> Result<Vec<MonthGuard>, GuardError> {
    let Some(running) = watched.calendar.month_of(watched.now) else {
        return Ok(Vec::new());
    };
    let months = stored_months(watched.orders, watched.calendar, running).await?;
    guarded(watched, months, Haste::Sure).await
}

/// The same for a page, of these months, which are those of which there are orders, oldest first.
/// Where the orders were not counted soon, their numbers are missing, and where the archives were not
/// found soon, they count as there.
pub(super) async fn guard_soon(
    watched: Watched<'_>,
    months: Vec<StoredMonth>,
) -> Result<Vec<MonthGuard>, GuardError> {
    guarded(watched, months, Haste::Soon).await
}

async fn guarded(
    watched: Watched<'_>,
    months: Vec<StoredMonth>,
    haste: Haste,
) -> Result<Vec<MonthGuard>, GuardError> {
    let Watched { calendar, now, .. } = watched;
    let mut stocks = stocks(months, calendar, now);
    let counted = count(watched.orders, &mut stocks);
    match haste {
        Haste::Soon => drop(timeout(COUNTED_SOON, counted).await),
        Haste::Sure => counted.await?,
    }
    let mut runs = runs(watched.log, &stocks).await?;
    // What was archived before the first orders of one's own came is no archive of these.
    if runs.iter().any(|run| run.synthetic) && !watched.orders.is_demonstration().await? {
        runs.retain(|run| !run.synthetic);
    }
    let limit = match haste {
        Haste::Soon => FOUND_SOON,
        Haste::Sure => FOUND_WITHIN,
    };
    let deadline = Instant::now() + limit;
    let guarded = stocks.into_iter().rev().map(async |stock| {
        let mut whole = runs.iter().filter(|run| stock.was_complete(run));
        let newest = whole.clone().next();
        let run = match (newest, watched.objects) {
            (Some(newest), Some(objects)) => {
                let length = timeout_at(deadline, length(objects, newest)).await;
                match (length, haste) {
                    (Ok(Ok(length)), _) => {
                        whole.find(|run| run.object == newest.object && Some(run.bytes) == length)
                    }
                    (_, Haste::Soon) => Some(newest),
                    (Ok(Err(error)), Haste::Sure) => return Err(error.into()),
                    (Err(_), Haste::Sure) => return Err(GuardError::Late),
                }
            }
            _ => newest,
        };
        Ok(stock.guard(run, calendar, now))
    });
    stream::iter(guarded).buffered(AT_ONCE).try_collect().await
}

/// What is in the store of these months, and of the running one; not counted yet.
fn stocks(mut months: Vec<StoredMonth>, calendar: Calendar, now: DateTime<Utc>) -> Vec<Stock> {
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
    months.into_iter().map(stock).collect()
}

async fn count(orders: &dyn OrderStore, stocks: &mut [Stock]) -> Result<(), StoreError> {
    let windows: Vec<UtcWindow> = stocks.iter().flat_map(Stock::parts).collect();
    let mut counts = orders.order_counts(&windows).await?.into_iter();
    for stock in stocks {
        stock.take(&mut counts);
    }
    Ok(())
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

/// The length of what stands where the run has stored its archive, if anything does. Whether its
/// content is still the same, only reading it back would tell.
async fn length(objects: &dyn ObjectStore, run: &ArchiveRun) -> Result<Option<u64>, ObjectError> {
    match ObjectName::new(run.object.as_str()) {
        Ok(name) => Ok(objects.stat(&name).await?.map(|found| found.bytes)),
        Err(_) => Ok(None),
    }
}

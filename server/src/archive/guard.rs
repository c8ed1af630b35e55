//! The retention guard: which months are archived, and by when they are lost if they are not.

use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, Filter, MonthGuard};
use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt};
use thiserror::Error;
use tokio::time::{Instant, timeout, timeout_at};

use super::months::{StoredMonth, stored_months};
use super::standing::{recorded, standing};
use super::stock::Stock;
use super::words::brief;
use super::{ObjectError, ObjectStore, RunLog};
use crate::calendar::{Calendar, UtcWindow};
use crate::store::{OrderStore, StatusRules, StoreError};

/// Among so many newest runs the archives are looked for, and only where one is not found there,
/// among so many more: whoever archives every hour has a long record.
const RUNS: [u32; 2] = [500, 10_000];
/// So many archives are looked for at a time.
const AT_ONCE: usize = 16;

/// How safe the orders of each month are.
#[derive(Debug, Default)]
pub struct Guard {
    /// The running month and every other that is in the order store, newest first; empty where there
    /// are no orders.
    pub months: Vec<MonthGuard>,
    /// Why it is not certain that a month that counts as archived is: its orders could not be counted,
    /// or its archive not be looked for.
    pub doubt: Option<GuardError>,
}

/// How long the guard waits. What is not told by then is in doubt, and counts as it is recorded.
#[derive(Copy, Clone, Debug)]
pub struct Patience {
    /// For the numbers of orders.
    pub counted: Duration,
    /// And then for the archives.
    pub found: Duration,
}

impl Patience {
    /// Both are within a page's second if the orders take no longer than usual. From two seconds on,
    /// the order store would be taken for one that does not answer.
    pub const PAGE: Self = Self {
        counted: Duration::from_millis(1_500),
        found: Duration::from_millis(600),
    };
    /// Both are within the three seconds of `server check`, whose connections are new.
    pub const CHECK: Self = Self {
        counted: Duration::from_millis(1_200),
        found: Duration::from_millis(1_000),
    };
    /// Of one who has to be sure.
    pub const JOB: Self = Self {
        counted: Duration::from_secs(30),
        found: Duration::from_secs(10),
    };
}

/// Why it is not known which months are archived.
#[derive(Debug, Error)]
pub enum GuardError {
    #[error(transparent)]
    Orders(#[from] Arc<StoreError>),
    #[error(transparent)]
    Archives(#[from] ObjectError),
    #[error("{what} within {} s", limit.as_secs_f32())]
    Late { what: &'static str, limit: Duration },
}

impl From<StoreError> for GuardError {
    fn from(error: StoreError) -> Self {
        Self::Orders(Arc::new(error))
    }
}

impl GuardError {
    fn late(what: &'static str, limit: Duration) -> Self {
        Self::Late { what, limit }
    }

    /// What happened, as far as it may be told.
    pub fn for_people(&self) -> String {
        match self {
            Self::Orders(error) => brief(error),
            Self::Archives(error) => error.for_people(),
            Self::Late { .. } => self.to_string(),
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

/// How safe the orders are of each month in the order store. An error where its months or the runs
/// are not known.
pub async fn guard(watched: Watched<'_>, patience: Patience) -> Result<Guard, GuardError> {
    let Some(running) = watched.calendar.month_of(watched.now) else {
        return Ok(Guard::default());
    };
    let months = stored_months(watched.orders, watched.calendar, running).await?;
    guard_of(months, watched, patience).await
}

/// The same of these months, which are those of which there are orders, oldest first.
pub(super) async fn guard_of(
    months: Vec<StoredMonth>,
    watched: Watched<'_>,
    patience: Patience,
) -> Result<Guard, GuardError> {
    let Watched { calendar, now, .. } = watched;
    let mut stocks = stocks(months, calendar, now);
    let counted = count(watched.orders, &mut stocks, patience.counted).await;
    let mut runs = runs(watched.log, &stocks).await?;
    // What was archived before the first orders of one's own came is no archive of these.
    if runs.iter().any(|run| run.synthetic) && !watched.orders.is_demonstration().await? {
        runs.retain(|run| !run.synthetic);
    }
    let deadline = Instant::now() + patience.found;
    let guarded = stocks.into_iter().rev().map(async |stock| {
        let whole = runs.iter().filter(|run| stock.was_complete(run));
        let found = timeout_at(deadline, standing(whole.clone(), watched.objects)).await;
        let late = |_| {
            Err(GuardError::late(
                "the archives were not found",
                patience.found,
            ))
        };
        let month = |run: Option<&ArchiveRun>| MonthGuard {
            damaged: run.is_none() && whole.clone().next().is_some(),
            ..stock.guard(run, calendar, now)
        };
        match found.map_or_else(late, |found| Ok(found?)) {
            Ok(run) => (month(run), None),
            Err(doubt) => {
                let recorded = month(recorded(whole.clone()));
                let doubt = recorded.archive.is_some().then_some(doubt);
                (recorded, doubt)
            }
        }
    });
    let guarded: Vec<_> = stream::iter(guarded).buffered(AT_ONCE).collect().await;
    let (months, doubts): (Vec<MonthGuard>, Vec<_>) = guarded.into_iter().unzip();
    // Of what was never archived the number makes no difference.
    let counts = months.iter().any(|month| month.archive.is_some());
    let doubt = counted.err().filter(|_| counts);
    let doubt = doubt.or_else(|| doubts.into_iter().flatten().next());
    Ok(Guard { months, doubt })
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

async fn count(
    orders: &dyn OrderStore,
    stocks: &mut [Stock],
    limit: Duration,
) -> Result<(), GuardError> {
    let windows: Vec<UtcWindow> = stocks.iter().flat_map(Stock::parts).collect();
    let (rules, all) = (StatusRules::default(), Filter::default());
    let counts = timeout(limit, orders.totals(&rules, &all, &windows)).await;
    let late = |_| GuardError::late("the orders were not counted", limit);
    let mut counts = counts
        .map_err(late)??
        .into_iter()
        .map(|totals| totals.orders);
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

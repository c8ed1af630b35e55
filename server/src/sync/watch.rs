//! Comparing while following: the last two days every minute, the window every hour.

use std::time::Duration;

use app::model::Drift;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tokio_postgres::types::PgLsn;

use super::compare::Difference;
use super::drift::{drift, drifted};
use super::past::Past;
use super::source::Source;
use super::{Job, SyncError, window};

const INTERVAL: Duration = Duration::from_secs(60);
/// How many rounds there are from one comparison of the window to the next.
const ROUNDS: u64 = 60;
const RECENT_DAYS: usize = 2;

/// Compares until it is aborted, in a session of its own.
pub async fn watch_drift(
    job: Job,
    past: watch::Receiver<Option<PgLsn>>,
    told: watch::Sender<Option<Drift>>,
) {
    let mut past = Past::Position(past);
    let mut found = Vec::new();
    let mut rounds = interval(INTERVAL);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 0_u64.. {
        rounds.tick().await;
        let whole = round.is_multiple_of(ROUNDS);
        // The stream says what is wrong with the source.
        if let Err(error) = compare_days(&job, &mut past, whole, &mut found).await {
            tracing::debug!(%error, "the orders could not be compared");
            continue;
        }
        let before = told.borrow().clone();
        let seen = drift(&found, window::DAYS, job.now(), before.as_ref());
        told.send_replace(Some(seen));
    }
}

/// Compares all days or the last two; `found` keeps what was found on the others.
async fn compare_days(
    job: &Job,
    past: &mut Past,
    whole: bool,
    found: &mut Vec<Difference>,
) -> Result<(), SyncError> {
    let source = Source::connect(&job.source).await?;
    let mut days = window::days(&job.calendar, job.clock.now());
    if !whole {
        days.drain(..days.len().saturating_sub(RECENT_DAYS));
    }
    let differences = drifted(job, &source, &days, false, past).await?;
    if let Some(first) = days.first() {
        found.retain(|order| order.day < first.from && !whole);
    }
    found.extend(differences);
    Ok(())
}

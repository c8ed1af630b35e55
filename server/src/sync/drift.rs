//! Drift: what differs in two comparisons, one after the other. A store that is only a moment behind
//! has none.

use std::collections::HashMap;

use app::model::{Cents, Drift, Timestamp};

use super::compare::{Difference, differences, suspects};
use super::past::Past;
use super::source::Source;
use super::{Job, SyncError, window};
use crate::calendar::UtcWindow;

/// How many orders are named.
const NAMED: usize = 5;

/// Compares the window, while another process may follow: every document, or only the documents of
/// days whose orders or cents differ.
pub async fn compare_window(job: &Job, whole: bool) -> Result<(Drift, Vec<Difference>), SyncError> {
    let source = Source::connect(&job.source).await?;
    let days = window::days(&job.calendar, job.clock.now());
    let found = drifted(job, &source, &days, whole, &mut Past::Saved).await?;
    let seen = drift(&found, window::DAYS, job.now(), None);
    Ok((seen, found))
}

/// What differs on these days. With `whole` every document is compared, else only those of days whose
/// orders or cents differ.
pub async fn drifted(
    job: &Job,
    source: &Source,
    days: &[UtcWindow],
    whole: bool,
    past: &mut Past,
) -> Result<Vec<Difference>, SyncError> {
    let mut first = Vec::new();
    for day in suspects(job, source, days, whole, past).await? {
        let found = differences(job, source, day, past).await?;
        if !found.is_empty() {
            first.push((day, found));
        }
    }
    let mut drift = Vec::new();
    for (day, found) in first {
        let found = found.iter().map(|order| (&order.order_id, order));
        let found: HashMap<_, _> = found.collect();
        let mut still = differences(job, source, day, past).await?;
        still.retain(|order| found.get(&order.order_id) == Some(&order));
        drift.append(&mut still);
    }
    Ok(drift)
}

/// What is said about the differences of `days` days.
pub fn drift(found: &[Difference], days: u32, now: Timestamp, before: Option<&Drift>) -> Drift {
    let since = before.and_then(|before| before.since).unwrap_or(now);
    let named = found.iter().take(NAMED);
    Drift {
        orders: found.len() as u64,
        cents: Cents(found.iter().map(|order| order.cents.0).sum()),
        ids: named.map(|order| order.order_id.clone()).collect(),
        days,
        since: (!found.is_empty()).then_some(since),
        compared_at: now,
    }
}

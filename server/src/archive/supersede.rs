//! Whether a run's archive may take the place of the one that stands there.

use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use chrono::{DateTime, TimeDelta, Utc};

use super::absent::{Absent, first_absent};
use super::job::Shared;
use super::lease::Hold;
use super::run::{GRACE, unless_cancelled};
use super::stock::KEPT;
use super::target::Target;
use super::words::{self, Ended};
use super::{Found, publish};
use crate::store::StoreError;

/// Among so many newest runs of the month is the one that has written what stands there.
const RUNS: u32 = 1_000;
/// Orders are taken for gone so long before they are: clocks differ, and the archive that is there
/// may be of another `BUSINESS_TIMEZONE`, whose month began up to 26 hours earlier.
const EARLIER: TimeDelta = TimeDelta::days(2);

/// Refuses to replace an archive with orders that the run has not found in the order store: they may
/// be nowhere else. Only orders that are old enough to have left the store count; that younger ones
/// are gone is a correction. Orders that were made up are no loss.
///
/// No run of the month can then write the receipt of an archive that has none, by replacing it: it
/// is written here.
pub async fn supersede(
    shared: &Shared,
    hold: &Hold,
    run: &ArchiveRun,
    target: &Target,
) -> Result<(), Ended> {
    let parts = &shared.parts;
    let left_before = parts.clock.now() - KEPT + EARLIER;
    if left_before <= target.window.from {
        return Ok(());
    }
    let compared = compared(shared, target, left_before);
    let Some((absent, found)) = unless_cancelled(shared, Duration::ZERO, compared).await? else {
        return Ok(());
    };
    let before = parts.log.of_month(run.month, RUNS).await;
    let mut before = before.map_err(|error| words::log(&error))?;
    before.retain(|before| before.object == run.object && found.is_of(before));
    if before.iter().any(|before| before.synthetic) {
        return Ok(());
    }
    let receipt = match before.first() {
        Some(newest) if !before.iter().any(|before| has_receipt(before, newest)) => {
            tell_late(shared, hold, newest.clone(), &found).await?
        }
        _ => Receipt::NotMissing,
    };
    Err(words::superseded(run, target, &absent, receipt))
}

/// Whether there is a receipt of all that `newest` has stored: a run before it may have stored the
/// same, but as a part of the month.
fn has_receipt(run: &ArchiveRun, newest: &ArchiveRun) -> bool {
    run.state == RunState::Succeeded
        && run.window.from <= newest.window.from
        && newest.window.to <= run.window.to
}

/// The receipt of what stands there.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Or nobody knows whose it would be.
    NotMissing,
    /// It was missing, and is there now.
    Written,
    /// It is missing, and was not written.
    NotWritten,
}

/// What is only there, and what stands there.
async fn compared(
    shared: &Shared,
    target: &Target,
    left_before: DateTime<Utc>,
) -> Result<Option<(Absent, Found)>, Ended> {
    let objects = shared.parts.objects.as_ref();
    let absent = first_absent(objects, &target.object, &target.own, left_before).await?;
    let Some(absent) = absent else {
        return Ok(None);
    };
    let found = Found::read(objects, &target.object).await;
    let found = found.map_err(words::uncompared)?;
    let found = found.map_err(|error| words::comparing(&error))?;
    Ok(Some((absent, found)))
}

/// Writes the receipt of the run that has left what was found, but could not write it itself. What
/// fails is in the log, and tried again by the next run.
async fn tell_late(
    shared: &Shared,
    hold: &Hold,
    mut run: ArchiveRun,
    found: &Found,
) -> Result<Receipt, Ended> {
    let parts = &shared.parts;
    let started = run.started_at.utc();
    let target = Target::new(&parts.calendar, run.month, started, &run.run_id);
    // In another time zone than the run's its receipt would name another day.
    let target = target
        .ok()
        .filter(|target| target.object.as_str() == run.object);
    let Some(target) = target else {
        tracing::warn!(
            run = run.run_id,
            "the receipt cannot be written under this BUSINESS_TIMEZONE, but under that of the run"
        );
        return Ok(Receipt::NotWritten);
    };
    let newest = match is_newest(shared, &run).await {
        Ok(newest) => newest,
        Err(error) => {
            tracing::error!(?error, "the record of archive runs could not be read");
            return Ok(Receipt::NotWritten);
        }
    };
    run.generation = found.generation.or(run.generation);
    run.verified_at = Some(shared.now());
    run.error = None;
    // Or a process that was stopped in between would tell of an archive that was replaced since.
    if !hold.is_certain().await {
        return Err(Ended::Lost);
    }
    let told = async {
        publish::tell(shared, &mut run, &target, newest).await?;
        parts
            .log
            .record(&run)
            .await
            .map_err(|error| words::log(&error))
    };
    match unless_cancelled(shared, GRACE, told).await {
        Ok(()) => Ok(Receipt::Written),
        Err(Ended::Failed(_)) => Ok(Receipt::NotWritten),
        Err(ended) => Err(ended),
    }
}

/// Whether no later run has succeeded.
async fn is_newest(shared: &Shared, run: &ArchiveRun) -> Result<bool, StoreError> {
    let runs = shared.parts.log.newest(RUNS).await?;
    let is_later =
        |later: &ArchiveRun| later.state == RunState::Succeeded && later.run_id > run.run_id;
    Ok(!runs.iter().any(is_later))
}

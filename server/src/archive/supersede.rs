//! Whether a run's archive may take the place of the one that stands there.

use app::model::{ArchiveRun, RunState};
use chrono::TimeDelta;

use super::absent::first_absent;
use super::job::Shared;
use super::stock::KEPT;
use super::target::Target;
use super::words::{self, Ended};
use super::{Found, ObjectError, publish};

/// Among so many newest runs of the month is the one that has written what stands there.
const RUNS: u32 = 1_000;
/// Orders are taken for gone so long before they are: clocks differ, and the archive that is there
/// may be of another `BUSINESS_TIMEZONE`, whose month began up to a day earlier.
const EARLIER: TimeDelta = TimeDelta::days(2);

/// Refuses to replace an archive with orders that the run has not found in the order store: they may
/// be nowhere else. Only orders that are old enough to have left the store count; that younger ones
/// are gone is a correction. Orders that were made up are no loss.
pub async fn supersede(shared: &Shared, run: &ArchiveRun, target: &Target) -> Result<(), Ended> {
    let parts = &shared.parts;
    let left_before = parts.clock.now() - KEPT + EARLIER;
    if left_before <= target.window.from {
        return Ok(());
    }
    let failed = |error: ObjectError| words::objects("compared with the one that is there", &error);
    let standing = match parts.objects.read(&target.object).await {
        Ok(standing) => standing,
        Err(ObjectError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    let own = parts.objects.read(&target.own).await.map_err(failed)?;
    let absent = first_absent(standing, own, left_before).await;
    let Some(absent) = absent.map_err(|error| words::comparing(&error))? else {
        return Ok(());
    };
    let found = Found::read(parts.objects.as_ref(), &target.object).await;
    let found = found
        .map_err(failed)?
        .map_err(|error| words::comparing(&error))?;
    let before = parts.log.of_month(run.month, RUNS).await;
    let mut before = before.map_err(|error| words::log(&error))?;
    before.retain(|before| before.object == run.object && found.is_of(before));
    if before.iter().any(|before| before.synthetic) {
        return Ok(());
    }
    let has_receipt = |before: &ArchiveRun| before.state == RunState::Succeeded;
    if let (false, Some(before)) = (before.iter().any(has_receipt), before.into_iter().next()) {
        tell_late(shared, before, &found).await?;
    }
    Err(words::superseded(run, target, &absent))
}

/// Writes the receipt of the run that has left what was found, but could not write it itself: no run
/// of the month can do that any more by replacing the archive.
async fn tell_late(shared: &Shared, mut run: ArchiveRun, found: &Found) -> Result<(), Ended> {
    let started = run.started_at.utc();
    let target = Target::new(&shared.parts.calendar, run.month, started, &run.run_id);
    let target = target.map_err(|_| words::fault())?;
    let newest = shared.parts.log.newest(RUNS).await;
    let newest = newest.map_err(|error| words::log(&error))?;
    let is_newest = !newest
        .iter()
        .any(|later| later.state == RunState::Succeeded && later.run_id > run.run_id);
    run.generation = found.generation.or(run.generation);
    run.verified_at = Some(shared.now());
    run.error = None;
    publish::tell(shared, &mut run, &target, is_newest).await?;
    let recorded = shared.parts.log.record(&run).await;
    recorded.map_err(|error| words::log(&error))
}

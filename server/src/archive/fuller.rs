//! The archive whose place a run would take, where that must not be.

use app::model::ArchiveRun;

use super::guard::KEPT;
use super::job::Shared;
use super::target::Target;
use super::words::{self, Ended};

/// Among so many newest runs of the month is the one that has written what stands there.
const RUNS: u32 = 1_000;

/// Refuses to replace what a run has left by an archive with fewer orders, once orders of its window
/// may have left the order store: some may be only there. Before that, fewer are a correction, and
/// orders that were made up are no loss. Numbers are compared, not orders, and what stands there
/// counts only at the length that a run has recorded.
pub async fn keep_fuller(shared: &Shared, run: &ArchiveRun, target: &Target) -> Result<(), Ended> {
    let parts = &shared.parts;
    if parts.clock.now() < target.window.from + KEPT {
        return Ok(());
    }
    let runs = parts.log.of_month(run.month, RUNS).await;
    let runs = runs.map_err(|error| words::log(&error))?;
    // One that failed may stand there as well: its receipt could not be written.
    let fuller: Vec<ArchiveRun> = runs
        .into_iter()
        .filter(|before| before.object == run.object && before.orders > run.orders)
        .filter(|before| before.crc32c.is_some() && !before.synthetic)
        .collect();
    if fuller.is_empty() {
        return Ok(());
    }
    let found = parts.objects.stat(&target.object).await;
    let found = found.map_err(|error| words::objects("compared with the one before", &error))?;
    let bytes = found.map(|found| found.bytes);
    match fuller.iter().find(|before| Some(before.bytes) == bytes) {
        Some(before) => Err(words::fewer(run, before)),
        None => Ok(()),
    }
}

//! The last steps of a run: its archive gets its name, and then others are told.
//!
//! A run that ends between two of these steps leaves a whole, verified archive under the name, and
//! the next holder of the lease writes the receipts that are missing, see `recover`.

use app::model::{ArchiveRun, RunState};
use axum::body::Bytes;
use futures::stream::{self, StreamExt};
use serde::Serialize;

use super::job::Shared;
use super::lease::Hold;
use super::receipt::RunInfo;
use super::run;
use super::target::Target;
use super::words::{self, Ended};
use super::{ByteStream, Label, ObjectName, Tally};

/// What has been read back, and is to be published.
#[derive(Copy, Clone, Debug)]
pub struct Verified {
    pub written: Tally,
    /// Of the run's own object.
    pub generation: i64,
}

/// Gives the verified object its name, and then tells others about it. Without the lease nothing
/// is published.
pub async fn publish(
    shared: &Shared,
    hold: &Hold,
    run: &mut ArchiveRun,
    target: &Target,
    verified: Verified,
) -> Result<(), Ended> {
    if !hold.is_certain().await {
        return Err(Ended::Lost);
    }
    let Verified {
        written,
        generation,
    } = verified;
    let objects = &shared.parts.objects;
    let renamed = objects
        .rename(&target.own, generation, &target.object, &labels(run))
        .await;
    let stored = renamed.map_err(|error| words::unnamed(&run.run_id, &error))?;
    run.generation = Some(stored.generation);
    if !written.agrees_with(&stored) {
        return Err(words::renamed(&written, &stored));
    }
    run.finished_at = Some(shared.now());
    // Or a process that was stopped in between would tell of an archive that was replaced since.
    if !hold.is_certain().await {
        return Err(Ended::Lost);
    }
    tell(shared, run, target, true).await
}

/// What the archive says about itself to whoever finds it without a receipt.
fn labels(run: &ArchiveRun) -> [Label; 4] {
    [
        ("run-id", run.run_id.clone()),
        ("window-from", run.window.from.to_string()),
        ("window-to", run.window.to.to_string()),
        ("orders", run.orders.to_string()),
    ]
}

/// Writes the run's manifest and last, of the `newest` run, `run_info.json`. The run has succeeded
/// then.
pub async fn tell(
    shared: &Shared,
    run: &mut ArchiveRun,
    target: &Target,
    newest: bool,
) -> Result<(), Ended> {
    let before = run.state;
    run.state = RunState::Succeeded;
    let info = RunInfo::new(run, target);
    let told = async {
        write(shared, &target.manifest, run, "the run's manifest").await?;
        match newest {
            true => write(shared, &target.run_info, &info, "run_info.json").await,
            false => Ok(()),
        }
    };
    let told = told.await;
    if told.is_err() {
        run.state = before;
        run::delete(shared, &target.manifest).await;
    }
    told
}

/// Writes `what`, and compares what the store has made of it.
async fn write(
    shared: &Shared,
    name: &ObjectName,
    content: &impl Serialize,
    what: &str,
) -> Result<(), Ended> {
    let json = Bytes::from(serde_json::to_vec_pretty(content).map_err(|_| words::fault())?);
    let mut written = Tally::default();
    written.add(&json);
    let content: ByteStream = stream::iter([Ok(json)]).boxed();
    let stored = shared.parts.objects.write(name, content).await;
    let stored = stored.map_err(|error| words::told(what, &error))?;
    if !written.agrees_with(&stored) {
        return Err(words::told_wrong(what, &written, &stored));
    }
    Ok(())
}

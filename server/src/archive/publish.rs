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
use super::{ByteStream, ObjectError, ObjectName, Stored};

/// Gives the verified object its name, and then tells others about it. Without the lease nothing
/// is published.
pub async fn publish(
    shared: &Shared,
    hold: &Hold,
    run: &mut ArchiveRun,
    target: &Target,
) -> Result<(), Ended> {
    if !hold.is_certain().await {
        return Err(Ended::Lost);
    }
    let renamed = shared
        .parts
        .objects
        .rename(&target.own, &target.object)
        .await;
    let Stored { bytes, generation } =
        renamed.map_err(|error| words::objects("given its name", &error))?;
    run.generation = Some(generation);
    if bytes != run.bytes {
        return Err(words::renamed(run.bytes, bytes));
    }
    run.finished_at = Some(shared.now());
    tell(shared, run, target).await
}

/// Writes the run's manifest, and last `run_info.json`. The run has succeeded then.
pub async fn tell(shared: &Shared, run: &mut ArchiveRun, target: &Target) -> Result<(), Ended> {
    let before = run.state;
    run.state = RunState::Succeeded;
    let info = RunInfo::new(run, target);
    let told = async {
        let manifest = write(shared, &target.manifest, run).await?;
        manifest.map_err(|error| words::told("the run's manifest", &error))?;
        let written = write(shared, &target.run_info, &info).await?;
        written.map_err(|error| words::told("run_info.json", &error))?;
        Ok(())
    };
    let told = told.await;
    if told.is_err() {
        run.state = before;
        run::delete(shared, &target.manifest).await;
    }
    told
}

async fn write(
    shared: &Shared,
    name: &ObjectName,
    content: &impl Serialize,
) -> Result<Result<Stored, ObjectError>, Ended> {
    let json = serde_json::to_vec_pretty(content).map_err(|_| words::fault())?;
    let content: ByteStream = stream::iter([Ok(Bytes::from(json))]).boxed();
    Ok(shared.parts.objects.write(name, content).await)
}

//! A run's bytes at the well-known path, and `run_info.json`.

use app::model::number::counted;
use app::model::{ArchiveRun, RunState};
use serde_json::json;
use thiserror::Error;

use super::errors::ArchiveError;
use super::names;
use super::parts::ArchiveParts;
use super::receipt::has_figures;
use super::spool::Spool;
use crate::objects::{Content, Digest, ObjectError, ObjectName, PutMode};

/// How many of a month's newest runs may explain what is at the well-known path.
const RUNS: u32 = 1_000;

/// What may be replaced.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Replace {
    /// Only an earlier run of ours that does not hold more orders.
    ByTheRule,
    /// Somebody has decided: whatever is there.
    Anything,
}

/// Why a run is kept, but not published.
#[derive(Debug, Error)]
pub enum Unpublished {
    #[error("this run has {}, fewer than the {theirs} of run {run_id}, which is published", counted(*.ours, "order"))]
    FewerOrders {
        ours: u64,
        theirs: u64,
        run_id: String,
    },
    #[error("run {run_id}, which is newer, is published")]
    Newer { run_id: String },
    #[error("these orders are synthetic, and the real ones of run {run_id} are published")]
    Synthetic { run_id: String },
    #[error("{object} was written by no run of this version that is recorded here")]
    Foreign { object: String },
    #[error("its own object {object} is gone")]
    Gone { object: String },
    #[error("its own object {object} is not what the receipt says")]
    Changed { object: String },
    #[error("it was archived by an earlier version, which kept no object of its own")]
    Older,
    #[error(transparent)]
    Failed(#[from] ArchiveError),
}

/// Publishes the run, whose receipt is written; notes in it whether that was done, and why not.
pub async fn publish(parts: &ArchiveParts, run: &mut ArchiveRun, spool: &Spool) {
    let published = put(parts, run, spool, Replace::ByTheRule).await;
    note(run, published);
}

/// The same after a crash, from the run's own object.
pub async fn publish_again(parts: &ArchiveParts, run: &mut ArchiveRun) {
    let published = fetch_and_put(parts, run, Replace::ByTheRule).await;
    note(run, published);
}

/// Publishes a run that has succeeded, from its own object, whatever is published now.
pub async fn publish_regardless(
    parts: &ArchiveParts,
    run: &mut ArchiveRun,
) -> Result<(), Unpublished> {
    fetch_and_put(parts, run, Replace::Anything).await?;
    note(run, Ok(()));
    Ok(())
}

fn note(run: &mut ArchiveRun, published: Result<(), Unpublished>) {
    run.published = published.is_ok();
    run.unpublished_because = published.err().map(|why| {
        if let Unpublished::Failed(error) = &why {
            tracing::warn!(
                ?error,
                run = run.run_id,
                "an archive could not be published"
            );
        }
        format!(
            "{why}; server archive --publish {} publishes it",
            run.run_id
        )
    });
}

async fn fetch_and_put(
    parts: &ArchiveParts,
    run: &ArchiveRun,
    replace: Replace,
) -> Result<(), Unpublished> {
    let object = run.stored_as.clone().ok_or(Unpublished::Older)?;
    let name = ObjectName::new(&object).map_err(ArchiveError::from)?;
    let spool = match Spool::fetch(&parts.spool, parts.objects.as_ref(), &name).await {
        Ok(spool) => spool,
        Err(ArchiveError::Object {
            source: ObjectError::NotFound { .. },
            ..
        }) => return Err(Unpublished::Gone { object }),
        Err(error) => return Err(error.into()),
    };
    if !has_figures(run, &spool.digest()) {
        return Err(Unpublished::Changed { object });
    }
    put(parts, run, &spool, replace).await
}

async fn put(
    parts: &ArchiveParts,
    run: &ArchiveRun,
    spool: &Spool,
    replace: Replace,
) -> Result<(), Unpublished> {
    let objects = parts.objects.as_ref();
    let dated = ObjectName::new(&run.object).map_err(ArchiveError::from)?;
    let published = |what| ArchiveError::object(what, "published");
    let found = Digest::of(objects, &dated).await;
    let found = found.map_err(published("the archive"))?;
    let found = found.map(|(digest, _)| digest);
    if found != Some(spool.digest()) {
        if let (Some(found), Replace::ByTheRule) = (found, replace) {
            may_replace(parts, run, &found).await?;
        }
        let put = objects.put(&dated, spool.content().await?, PutMode::Replace);
        put.await.map_err(published("the archive"))?;
    }
    // `date` and `orders_exported` are what other programs rely on.
    let info = json!({
        "date": names::date(&run.object),
        "orders_exported": run.orders,
        "run_id": run.run_id,
        "month": run.month,
        "object": run.object,
        "stored_as": run.stored_as,
        "crc32c": run.crc32c,
    });
    let (name, info) = (names::run_info(), Content::Bytes(info.to_string().into()));
    let name = name.map_err(ArchiveError::from)?;
    let put = objects.put(&name, info, PutMode::Replace).await;
    put.map_err(published("run_info.json"))?;
    Ok(())
}

/// Whether the run may replace what was found at the well-known path.
async fn may_replace(
    parts: &ArchiveParts,
    run: &ArchiveRun,
    found: &Digest,
) -> Result<(), Unpublished> {
    let runs = parts.log.of_month(run.month, RUNS).await;
    let runs = runs.map_err(ArchiveError::Log)?;
    let explains = |other: &&ArchiveRun| {
        other.state == RunState::Succeeded
            && other.stored_as.is_some()
            && other.object == run.object
            && has_figures(other, found)
    };
    match runs.iter().find(explains) {
        Some(theirs) => yields(theirs, run),
        None => Err(Unpublished::Foreign {
            object: run.object.clone(),
        }),
    }
}

/// Whether the run that is published gives way to this one.
fn yields(theirs: &ArchiveRun, ours: &ArchiveRun) -> Result<(), Unpublished> {
    let run_id = theirs.run_id.clone();
    match (theirs.synthetic, ours.synthetic) {
        (true, false) => Ok(()),
        (false, true) => Err(Unpublished::Synthetic { run_id }),
        _ if ours.orders < theirs.orders => Err(Unpublished::FewerOrders {
            ours: ours.orders,
            theirs: theirs.orders,
            run_id,
        }),
        _ if theirs.run_id > ours.run_id => Err(Unpublished::Newer { run_id }),
        _ => Ok(()),
    }
}

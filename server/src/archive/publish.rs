//! A run's bytes at the well-known path, and `run_info.json`.

use app::api::ApiError;
use app::model::number::counted;
use app::model::{ArchiveRun, RunState};
use serde_json::json;
use thiserror::Error;

use super::errors::{ArchiveError, brief};
use super::names;
use super::parts::ArchiveParts;
use super::receipt::{archived, has_figures};
use super::spool::Spool;
use crate::objects::{Content, Digest, ObjectName, PutMode};

/// How many of a month's newest runs may explain what is at the well-known path.
const RUNS: u32 = 1_000;

/// Why a run is kept, but not published.
#[derive(Debug, Error)]
enum Unpublished {
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
    #[error(transparent)]
    Failed(#[from] ArchiveError),
}

/// Publishes the run, whose receipt is written, unless the rule is against it; notes in it whether
/// that was done, and why not.
pub async fn publish(parts: &ArchiveParts, run: &mut ArchiveRun, spool: &Spool) {
    let published = by_the_rule(parts, run, spool).await;
    note(run, published);
}

/// The same after a crash, from the run's own object.
pub async fn publish_again(parts: &ArchiveParts, run: &mut ArchiveRun) {
    let published = match fetch(parts, run).await {
        Ok(spool) => by_the_rule(parts, run, &spool).await,
        Err(error) => Err(error.into()),
    };
    note(run, published);
}

/// Publishes a run that has succeeded, whatever is published now: somebody has decided. `None` if
/// another run is going on.
pub async fn publish_regardless(
    parts: &ArchiveParts,
    run_id: &str,
) -> Result<Option<ArchiveRun>, ApiError> {
    let mut run = archived(parts, run_id).await?;
    let work = async {
        let spool = fetch(parts, &run).await?;
        put(parts, &run, &spool).await?;
        note(&mut run, Ok(()));
        parts.log.record(&run).await.map_err(ArchiveError::Log)
    };
    let published = parts.leases.hold_during(&parts.cancel, work).await;
    let refused = |why| {
        let why = format!("run {run_id} could not be published and recorded: {why}");
        ApiError::unavailable(why)
    };
    match published.map_err(|error| refused(brief(&error)))? {
        None => Ok(None),
        Some(Ok(())) => Ok(Some(run)),
        Some(Err(error)) => Err(refused(error.to_string())),
    }
}

fn note(run: &mut ArchiveRun, published: Result<(), Unpublished>) {
    run.published = published.is_ok();
    run.unpublished_because = published.err().map(|why| {
        let run_id = &run.run_id;
        if let Unpublished::Failed(error) = &why {
            tracing::warn!(?error, run = run_id, "an archive could not be published");
        }
        format!("{why}; server archive --publish {run_id} publishes it")
    });
}

/// The run's own object, which has to be what the receipt says.
async fn fetch(parts: &ArchiveParts, run: &ArchiveRun) -> Result<Spool, ArchiveError> {
    let own = names::own(&run.run_id)?;
    let spool = Spool::fetch(&parts.spool, parts.objects.as_ref(), &own).await?;
    match has_figures(run, &spool.digest()) {
        true => Ok(spool),
        false => Err(ArchiveError::Changed(own)),
    }
}

async fn by_the_rule(
    parts: &ArchiveParts,
    run: &ArchiveRun,
    spool: &Spool,
) -> Result<(), Unpublished> {
    let dated = ObjectName::new(&run.object).map_err(ArchiveError::from)?;
    let found = Digest::of(parts.objects.as_ref(), &dated).await;
    let found = found.map_err(ArchiveError::object("the published archive", "read"))?;
    if let Some((found, _)) = found
        && found != spool.digest()
    {
        may_replace(parts, run, &found).await?;
    }
    Ok(put(parts, run, spool).await?)
}

async fn put(parts: &ArchiveParts, run: &ArchiveRun, spool: &Spool) -> Result<(), ArchiveError> {
    let (objects, dated) = (parts.objects.as_ref(), ObjectName::new(&run.object)?);
    let put = objects.put(&dated, spool.content().await?, PutMode::Replace);
    put.await
        .map_err(ArchiveError::object("the archive", "published"))?;
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
    let (name, info) = (names::run_info()?, Content::Bytes(info.to_string().into()));
    let put = objects.put(&name, info, PutMode::Replace);
    put.await
        .map_err(ArchiveError::object("run_info.json", "published"))
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

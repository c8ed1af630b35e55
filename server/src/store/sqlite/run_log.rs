//! Archive runs, each as the JSON that the page is sent.

use app::model::{ArchiveRun, Month, RunState};
use rusqlite::{Params, params};

use super::StoreError;
use super::connections::Connections;
use super::failure::{damaged, unusable};

const RECORD: &str = "INSERT INTO archive_runs (run_id, started_at, document) VALUES (?1, ?2, ?3)
    ON CONFLICT (run_id) DO UPDATE SET started_at = excluded.started_at, document = excluded.document
    WHERE ?4 OR document ->> 'state' = 'running' OR ?5 AND document ->> 'state' = 'verifying'";
pub(super) const NEWEST: &str =
    "SELECT document FROM archive_runs ORDER BY started_at DESC, run_id DESC LIMIT ?1";
const OF_MONTH: &str = "SELECT document FROM archive_runs WHERE document ->> 'month' = ?1
    ORDER BY started_at DESC, run_id DESC LIMIT ?2";
const FIND: &str = "SELECT document FROM archive_runs WHERE run_id = ?1";

pub(super) async fn record(connections: &Connections, run: &ArchiveRun) -> Result<(), StoreError> {
    let document = serde_json::to_string(run)
        .map_err(|error| unusable("an archive run is not JSON".to_owned(), Some(error.into())))?;
    let (run_id, started_at) = (run.run_id.clone(), run.started_at.utc());
    let (ended, verifying) = (!run.state.is_active(), run.state == RunState::Verifying);
    connections
        .write("record archive run", move |connection| {
            let started_at = started_at.timestamp_millis();
            let values = params![run_id, started_at, document, ended, verifying];
            connection.execute(RECORD, values).map(|_| ())
        })
        .await
}

pub(super) async fn newest(
    connections: &Connections,
    limit: u32,
) -> Result<Vec<ArchiveRun>, StoreError> {
    runs(connections, NEWEST, (limit,)).await
}

pub(super) async fn of_month(
    connections: &Connections,
    month: Month,
    limit: u32,
) -> Result<Vec<ArchiveRun>, StoreError> {
    runs(connections, OF_MONTH, (month.to_string(), limit)).await
}

pub(super) async fn find(
    connections: &Connections,
    run_id: String,
) -> Result<Option<ArchiveRun>, StoreError> {
    Ok(runs(connections, FIND, (run_id,)).await?.pop())
}

async fn runs(
    connections: &Connections,
    sql: &'static str,
    values: impl Params + Send + 'static,
) -> Result<Vec<ArchiveRun>, StoreError> {
    let documents = connections
        .read("archive runs", move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(values, |row| row.get::<_, String>(0))?;
            rows.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let runs = documents.iter().map(|document| run(connections, document));
    runs.collect()
}

fn run(connections: &Connections, document: &str) -> Result<ArchiveRun, StoreError> {
    serde_json::from_str(document)
        .map_err(|error| unusable(damaged(connections.path()), Some(error.into())))
}

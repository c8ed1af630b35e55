//! Archive runs, each as the JSON that the page is sent.

use app::model::{ArchiveRun, RunState};
use rusqlite::{OptionalExtension, params};

use super::StoreError;
use super::connections::Connections;
use super::failure::{damaged, unusable};

const RECORD: &str = "INSERT INTO archive_runs (run_id, started_at, document) VALUES (?1, ?2, ?3)
    ON CONFLICT (run_id) DO UPDATE SET started_at = excluded.started_at, document = excluded.document
    WHERE ?4 OR document ->> 'state' = 'running' OR ?5 AND document ->> 'state' = 'verifying'";
pub(super) const NEWEST: &str =
    "SELECT document FROM archive_runs ORDER BY started_at DESC, run_id DESC LIMIT ?1";
const FIND: &str = "SELECT document FROM archive_runs WHERE run_id = ?1";

pub(super) async fn record(connections: &Connections, run: &ArchiveRun) -> Result<(), StoreError> {
    let document = serde_json::to_string(run)
        .map_err(|error| unusable("an archive run is not JSON".to_owned(), Some(error.into())))?;
    let (run_id, started_at) = (run.run_id.clone(), run.started_at.utc());
    let (ended, verifying) = (!run.state.is_active(), run.state == RunState::Verifying);
    let verified = verifying && run.verified_at.is_some();
    connections
        .write("record archive run", move |connection| {
            let started_at = started_at.timestamp_millis();
            let values = params![run_id, started_at, document, ended, verifying];
            // What comes next survives a power cut, and so must this.
            connection.pragma_update(
                None,
                "synchronous",
                if verified { "full" } else { "normal" },
            )?;
            connection.execute(RECORD, values).map(|_| ())
        })
        .await
}

pub(super) async fn newest(
    connections: &Connections,
    limit: u32,
) -> Result<Vec<ArchiveRun>, StoreError> {
    let documents = connections
        .read("archive runs", move |connection| {
            let mut statement = connection.prepare_cached(NEWEST)?;
            let rows = statement.query_map([limit], |row| row.get::<_, String>(0))?;
            rows.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let runs = documents.iter().map(|document| run(connections, document));
    runs.collect()
}

pub(super) async fn find(
    connections: &Connections,
    run_id: String,
) -> Result<Option<ArchiveRun>, StoreError> {
    let document = connections
        .read("archive run", move |connection| {
            let mut statement = connection.prepare_cached(FIND)?;
            let found = statement.query_row([run_id], |row| row.get::<_, String>(0));
            found.optional()
        })
        .await?;
    document
        .map(|document| run(connections, &document))
        .transpose()
}

fn run(connections: &Connections, document: &str) -> Result<ArchiveRun, StoreError> {
    serde_json::from_str(document)
        .map_err(|error| unusable(damaged(connections.path()), Some(error.into())))
}

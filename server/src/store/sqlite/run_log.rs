//! Archive runs, each as the JSON that the page is sent.

use app::model::ArchiveRun;
use rusqlite::params;

use super::StoreError;
use super::connections::Connections;
use super::failure::{damaged, unusable};

const RECORD: &str = "INSERT INTO archive_runs (run_id, started_at, document) VALUES (?1, ?2, ?3)
    ON CONFLICT (run_id) DO UPDATE SET started_at = excluded.started_at, document = excluded.document";
pub(super) const NEWEST: &str =
    "SELECT document FROM archive_runs ORDER BY started_at DESC, run_id DESC LIMIT ?1";

pub(super) async fn record(connections: &Connections, run: &ArchiveRun) -> Result<(), StoreError> {
    let document = serde_json::to_string(run)
        .map_err(|error| unusable("an archive run is not JSON".to_owned(), Some(error.into())))?;
    let (run_id, started_at) = (run.run_id.clone(), run.started_at.utc());
    connections
        .write("record archive run", move |connection| {
            let values = params![run_id, started_at.timestamp_millis(), document];
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
    documents
        .iter()
        .map(|document| serde_json::from_str(document))
        .collect::<Result<_, _>>()
        .map_err(|error| unusable(damaged(connections.path()), Some(error.into())))
}

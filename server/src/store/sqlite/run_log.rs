//! Archive runs, each as the JSON that the page is sent.

use app::model::{ArchiveRun, Month, RunState};
use rusqlite::{Connection, Params, params};

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
    let verified = verifying && run.verified_at.is_some();
    connections
        .write("record archive run", move |connection| {
            let started_at = started_at.timestamp_millis();
            let values = params![run_id, started_at, document, ended, verifying];
            let write = |connection: &Connection| connection.execute(RECORD, values).map(|_| ());
            match verified {
                true => on_the_disk(connection, write),
                false => write(connection),
            }
        })
        .await
}

/// Writes what a power cut must not undo, since what comes next survives one. Nothing else that the
/// connection writes has to wait for the disk.
fn on_the_disk(
    connection: &Connection,
    write: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "full")?;
    let written = write(connection);
    let reset = connection.pragma_update(None, "synchronous", "normal");
    written.and(reset)
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

#[cfg(test)]
mod tests {
    use app::model::{Timestamp, Window};
    use rusqlite::Error;
    use tempfile::TempDir;

    use super::*;
    use crate::store::sqlite::open::prepare;

    const NORMAL: i64 = 1;
    const FULL: i64 = 2;
    /// Notes what the connection waits for whenever it writes a run.
    const WATCH: &str = "CREATE TEMP TABLE seen (synchronous INTEGER);
        CREATE TEMP TRIGGER inserted AFTER INSERT ON main.archive_runs
            BEGIN INSERT INTO seen SELECT synchronous FROM pragma_synchronous; END;
        CREATE TEMP TRIGGER updated AFTER UPDATE ON main.archive_runs
            BEGIN INSERT INTO seen SELECT synchronous FROM pragma_synchronous; END";

    fn verifying() -> ArchiveRun {
        let at = |text| Timestamp::parse(text).expect("an RFC 3339 time");
        ArchiveRun {
            run_id: "01JD8Q0Z3W6K5T9V2N4R7X1B8C".to_owned(),
            month: "2026-10".parse().expect("a month"),
            state: RunState::Verifying,
            orders: 1,
            bytes: 3,
            expected: None,
            crc32c: None,
            object: "a".to_owned(),
            location: "a".to_owned(),
            generation: None,
            unreadable: 0,
            daily: Vec::new(),
            synthetic: false,
            window: Window {
                from: at("2026-10-01T00:00:00Z"),
                to: at("2026-11-01T00:00:00Z"),
            },
            started_at: at("2026-11-02T00:00:00Z"),
            finished_at: None,
            verified_at: None,
            damaged_at: None,
            error: None,
        }
    }

    #[tokio::test]
    async fn only_a_verified_run_waits_for_the_disk() {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("orders.sqlite");
        let connections = Connections::open(file.into()).await.expect("a store");
        let watched = connections.write("watch", |connection| connection.execute_batch(WATCH));
        watched.await.expect("triggers");

        let verifying = verifying();
        let verified = ArchiveRun {
            verified_at: Some(verifying.started_at),
            ..verifying.clone()
        };
        let succeeded = ArchiveRun {
            state: RunState::Succeeded,
            ..verified.clone()
        };
        for run in [verifying, verified, succeeded] {
            record(&connections, &run).await.expect("a record");
        }
        let seen = connections.write("look", |connection| {
            let mut seen = connection.prepare("SELECT synchronous FROM seen ORDER BY rowid")?;
            seen.query_map([], |row| row.get(0))?.collect()
        });
        let seen: Vec<i64> = seen.await.expect("an answer");
        assert_eq!(seen, [NORMAL, FULL, NORMAL]);
    }

    #[test]
    fn after_a_failure_nothing_waits_for_the_disk() {
        let folder = TempDir::new().expect("a folder");
        let connection = prepare(&folder.path().join("orders.sqlite")).expect("a store");
        let fails = |_: &Connection| Err(Error::InvalidQuery);
        assert_eq!(on_the_disk(&connection, fails), Err(Error::InvalidQuery));
        let now = connection.pragma_query_value(None, "synchronous", |row| row.get(0));
        assert_eq!(now, Ok(NORMAL));
    }
}

//! Archive runs, each as the JSON that the page is sent.

use app::model::{ArchiveRun, Month, RunState};
use async_trait::async_trait;
use rusqlite::{Params, params};

use super::errors::{DAMAGED, of_file};
use super::{SqliteStore, StoreError};
use crate::store::RunLog;

const RECORD: &str = "INSERT INTO archive_runs (run_id, started_at, document) VALUES (?1, ?2, ?3)
    ON CONFLICT (run_id) DO UPDATE SET started_at = excluded.started_at, document = excluded.document
    WHERE ?4 OR document ->> 'state' = 'running' OR ?5 AND document ->> 'state' = 'verifying'";
pub(super) const NEWEST: &str =
    "SELECT document FROM archive_runs ORDER BY started_at DESC, run_id DESC LIMIT ?1";
const OF_MONTH: &str = "SELECT document FROM archive_runs WHERE document ->> 'month' = ?1
    ORDER BY started_at DESC, run_id DESC LIMIT ?2";
const FIND: &str = "SELECT document FROM archive_runs WHERE run_id = ?1";

#[async_trait]
impl RunLog for SqliteStore {
    async fn record(&self, run: &ArchiveRun) -> Result<(), StoreError> {
        let (run_id, started_at) = (run.run_id.clone(), run.started_at.utc());
        let document = serde_json::to_string(run).map_err(|error| {
            of_file(
                &self.path,
                "takes no run that is not JSON",
                Some(error.into()),
            )
        })?;
        let (ended, verifying) = (!run.state.is_active(), run.state == RunState::Verifying);
        self.writer
            .run("record archive run", move |connection| {
                let started_at = started_at.timestamp_millis();
                let values = params![run_id, started_at, document, ended, verifying];
                connection.execute(RECORD, values).map(|_| ())
            })
            .await
    }

    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        self.runs(NEWEST, (limit,)).await
    }

    async fn of_month(&self, month: Month, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        self.runs(OF_MONTH, (month.to_string(), limit)).await
    }

    async fn find(&self, run_id: &str) -> Result<Option<ArchiveRun>, StoreError> {
        Ok(self.runs(FIND, (run_id.to_owned(),)).await?.pop())
    }
}

impl SqliteStore {
    async fn runs(
        &self,
        sql: &'static str,
        values: impl Params + Send + 'static,
    ) -> Result<Vec<ArchiveRun>, StoreError> {
        let documents = self.readers.run("archive runs", move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(values, |row| row.get::<_, String>(0))?;
            rows.collect::<Result<Vec<_>, _>>()
        });
        let run = |document: &String| {
            serde_json::from_str(document)
                .map_err(|error| of_file(&self.path, DAMAGED, Some(error.into())))
        };
        documents.await?.iter().map(run).collect()
    }
}

//! Archive runs: each as the fields that the page is sent, and its start as a date to sort by.

use app::model::{ArchiveRun, Month, RunState};
use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::{
    CollectionOptions, ReadConcern, ReadPreference, SelectionCriteria, WriteConcern,
};
use mongodb::{Collection, Database};

use super::calls::Calls;
use super::errors::{is_duplicate, unusable};
use super::{MongoStore, StoreError};
use crate::store::RunLog;

pub(super) const RUNS: &str = "archive_runs";
/// When the run was started, as servers sort it; text with different offsets does not sort by time.
pub(super) const STARTED: &str = "started";
const MONTH: &str = "month";
/// The run as JSON: MongoDB has no 64-bit numbers without a sign.
const RUN: &str = "run";

#[async_trait]
impl RunLog for MongoStore {
    async fn record(&self, run: &ArchiveRun) -> Result<(), StoreError> {
        let json = serde_json::to_string(run)
            .map_err(|error| unusable("an archive run is not JSON", Some(error.into())))?;
        let active = run.state.is_active();
        let document = doc! {
            STARTED: DateTime::from_millis(run.started_at.milliseconds()),
            MONTH: run.month.to_string(),
            "active": active,
            "verifying": run.state == RunState::Verifying,
            RUN: json,
        };
        let mut filter = doc! { "_id": run.run_id.clone() };
        if active {
            // Late news of a run that has ended finds nothing to replace and cannot be inserted.
            filter.insert("active", true);
        }
        if run.state == RunState::Running {
            // Nor does late progress undo what came after it.
            filter.insert("verifying", doc! { "$ne": true });
        }
        let recorded = self
            .calls
            .run("record archive run", move |database| async move {
                let runs = certain(&database, RUNS);
                match runs.replace_one(filter, document).upsert(true).await {
                    Err(error) if active && is_duplicate(&error) => Ok(()),
                    replaced => replaced.map(|_| ()),
                }
            });
        recorded.await
    }

    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        find(&self.calls, doc! {}, limit).await
    }

    async fn of_month(&self, month: Month, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        find(&self.calls, doc! { MONTH: month.to_string() }, limit).await
    }

    async fn find(&self, run_id: &str) -> Result<Option<ArchiveRun>, StoreError> {
        let found = find(&self.calls, doc! { "_id": run_id }, 1).await?;
        Ok(found.into_iter().next())
    }
}

async fn find(calls: &Calls, filter: Document, most: u32) -> Result<Vec<ArchiveRun>, StoreError> {
    // A server takes no limit of nothing.
    if most == 0 {
        return Ok(Vec::new());
    }
    let found = calls.run("archive runs", move |database| async move {
        let runs = certain(&database, RUNS);
        let found = runs
            .find(filter)
            .sort(doc! { STARTED: -1, "_id": -1 })
            .limit(most.into());
        found.await?.try_collect::<Vec<_>>().await
    });
    found.await?.iter().map(run).collect()
}

fn run(document: &Document) -> Result<ArchiveRun, StoreError> {
    let json = document.get_str(RUN).unwrap_or_default();
    serde_json::from_str(json).map_err(|error| {
        let problem = format!("a document in the collection {RUNS} is no archive run; remove it");
        unusable(problem, Some(error.into()))
    })
}

/// The collection, read where it is written and written to stay: wherever else the address lets
/// reads go.
pub(super) fn certain(database: &Database, name: &str) -> Collection<Document> {
    let options = CollectionOptions::builder()
        .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
        .read_concern(ReadConcern::local())
        .write_concern(WriteConcern::majority())
        .build();
    database.collection_with_options(name, options)
}

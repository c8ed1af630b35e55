//! The index that finds the newest archive runs.

use futures::TryStreamExt;
use mongodb::bson::{Document, doc};

use super::StoreError;
use super::calls::Calls;
use super::run_log::{RUNS, STARTED};

/// The index as `check` and `migrate` list it, among those of the orders.
pub(super) const RUNS_INDEX: &str = "archive_runs.started_-1__id_-1";
const NAME: &str = "started_-1__id_-1";

/// Whether it has to be made. Without a collection there is no index either.
pub(super) async fn is_missing(calls: &Calls) -> Result<bool, StoreError> {
    let limit = calls.limits.read;
    let names = calls.run("list indexes", limit, |database| async move {
        let collections = database.list_collections().filter(doc! { "name": RUNS });
        let there = collections.await?.try_next().await?.is_some();
        if !there {
            return Ok(Vec::new());
        }
        database
            .collection::<Document>(RUNS)
            .list_index_names()
            .await
    });
    Ok(!names.await?.iter().any(|name| name == NAME))
}

/// Makes it, and the collection if need be.
pub(super) async fn make(calls: &Calls) -> Result<(), StoreError> {
    let index = doc! { "key": { STARTED: -1, "_id": -1 }, "name": NAME };
    let command = doc! { "createIndexes": RUNS, "indexes": [index] };
    let limit = calls.limits.migrate;
    let made = calls.run("make indexes", limit, |database| async move {
        database.run_command(command).await
    });
    made.await.map(|_| ())
}

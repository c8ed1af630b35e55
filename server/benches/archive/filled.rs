//! A store of so many orders, all in one month, that is gone when it has been measured.

use std::ffi::OsStr;
use std::path::Path;
use std::process;

use chrono::{DateTime, Utc};
use mongodb::Client;
use server::bench::DAYS;
use server::config::{MongoConfig, Secret};
use server::generate::Plan;
use server::store::OrderStore;
use server::store::mongo::MongoStore;
use server::store::sqlite::SqliteStore;

use crate::{MONGODB, again, mongo_server};

/// The last millisecond of a month.
pub const NOW: &str = "2026-10-31T23:59:59.999Z";
/// The embedded store's file.
const FILE: &str = "shopstream.sqlite3";
const BATCH: usize = 1_000;

/// Fills a store, and has it measured.
pub async fn fill(store: &str, orders: u64) {
    let folder = tempfile::Builder::new()
        .prefix("shopstream-bench")
        .tempdir();
    let folder = folder.expect("a temporary folder");
    let plan = Plan::new(42, orders, DAYS).expect("a plan");
    match store {
        MONGODB => in_mongo(folder.path(), plan).await,
        _ => in_sqlite(folder.path(), plan).await,
    }
}

async fn in_sqlite(folder: &Path, plan: Plan) {
    let store = SqliteStore::open(&folder.join(FILE)).await;
    write(&store.expect("a store"), plan).await;
    measure(&[folder.as_os_str()], None);
}

/// In a database of its own, since the server may be somebody's.
async fn in_mongo(folder: &Path, plan: Plan) {
    let Some(uri) = mongo_server::uri() else {
        return;
    };
    let config = MongoConfig {
        uri: Secret::new(uri),
        database: format!("shopstream_bench_{}", process::id()),
    };
    let store = MongoStore::open(&config).expect("a store");
    let migration = store.migration(DateTime::UNIX_EPOCH).await;
    let migration = migration.expect("a migration");
    store.migrate(&migration).await.expect("indexes");
    write(&store, plan).await;
    measure(&[folder.as_os_str(), config.database.as_ref()], Some(uri));
    let client = Client::with_uri_str(uri).await.expect("a client");
    let dropped = client.database(&config.database).drop().await;
    dropped.expect("the database is gone");
}

async fn write(store: &dyn OrderStore, plan: Plan) {
    store.adopt().await.expect("an adoption");
    let now: DateTime<Utc> = NOW.parse().expect("a time");
    let mut orders = plan.initial(now);
    loop {
        let batch: Vec<_> = orders.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return;
        }
        store.upsert(batch).await.expect("an upsert");
    }
}

/// In a process that has done nothing else.
fn measure(arguments: &[&OsStr], uri: Option<&str>) {
    let mut measure = again(&["measure"]);
    measure.args(arguments);
    if let Some(uri) = uri {
        measure.env("MONGODB_URI", uri);
    }
    let status = measure.status().expect("a process");
    assert!(status.success(), "the measurement has failed: {status}");
}

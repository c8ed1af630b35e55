//! The same orders give the same bytes of JSON from SQLite and MongoDB.

use serde_json::{Value, json};
use server::calendar::UtcWindow;
use server::store::OrderStore;

use crate::support::agreement::{drained, filled_and_agreed};
use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::random;
use crate::support::reads::newest;
use crate::support::sqlite::SqliteBackend;
use crate::support::time::{at, ever};

async fn answers(store: &dyn OrderStore) -> Vec<Value> {
    let now = at("2026-11-22T10:37:21.500Z");
    let month = UtcWindow::last_days(30, now);
    vec![
        json!(newest(store, 50).await),
        json!(store.oldest().await.expect("the oldest")),
        json!(drained(store, month).await),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_and_mongodb_give_the_same_bytes() {
    let (Some(mongo), Some(sqlite)) = (MongoBackend::start().await, SqliteBackend::start().await)
    else {
        return;
    };
    let orders = random::orders(3_000, 11, at("2026-11-22T10:37:21.500Z"));
    for store in [mongo.store(), sqlite.store()] {
        filled_and_agreed(store, &orders, ever(), &[]).await;
    }
    let (mongo, sqlite) = (answers(mongo.store()).await, answers(sqlite.store()).await);
    for (mongo, sqlite) in mongo.iter().zip(&sqlite) {
        assert_eq!(mongo.to_string(), sqlite.to_string());
    }
}

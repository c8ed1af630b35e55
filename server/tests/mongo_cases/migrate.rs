//! Indexes and expiry.

use std::time::Duration;

use mongodb::bson::{DateTime, Document, doc};
use server::store::OrderStore;
use server::store::mongo::Migration;

use super::explained::is_mongod;
use crate::support::draft::Draft;
use crate::support::mongo::MongoBackend;
use crate::support::time::at;

const NOW: &str = "2026-11-22T12:00:00Z";

async fn insert(backend: &MongoBackend, order_id: &str, created_at: &str) {
    let orders = backend.database.collection::<Document>("orders");
    let created_at = DateTime::from_millis(at(created_at).timestamp_millis());
    let order = doc! { "order_id": order_id, "created_at": created_at, "total": 1 };
    orders.insert_one(order).await.expect("inserted");
}

async fn index(backend: &MongoBackend, index: Document) {
    let command = doc! { "createIndexes": "orders", "indexes": [index] };
    backend
        .database
        .run_command(command)
        .await
        .expect("an index");
}

async fn migration(backend: &MongoBackend) -> Migration {
    let migration = backend.store.migration(at(NOW)).await;
    migration.expect("a migration")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrating_twice_changes_nothing_the_second_time() {
    let Some(backend) = MongoBackend::bare().await else {
        return;
    };
    let before = migration(&backend).await;
    assert!(before.creates_orders && !before.is_done());
    assert_eq!(before.indexes.len(), 6);
    let missing = backend.store.missing_indexes().await.expect("indexes");
    assert_eq!(missing, before.indexes);
    // Looking has changed nothing.
    assert_eq!(migration(&backend).await, before);
    backend.store.migrate(&before).await.expect("indexes");

    let after = migration(&backend).await;
    assert!(after.is_done() && !after.creates_orders, "{after:?}");
    backend.store.migrate(&after).await.expect("nothing");
    let missing = backend.store.missing_indexes().await.expect("indexes");
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_would_expire_are_counted() {
    let Some(backend) = MongoBackend::bare().await else {
        return;
    };
    insert(&backend, "OLD", "2026-10-18T11:59:59.999Z").await;
    insert(&backend, "NEW", "2026-10-18T12:00:00Z").await;
    assert_eq!(migration(&backend).await.would_expire, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_of_one_id_leave_the_unique_index_out() {
    let Some(backend) = MongoBackend::bare().await else {
        return;
    };
    for id in ["A", "A", "A", "B", "B", "C"] {
        insert(&backend, id, NOW).await;
    }
    let migration = migration(&backend).await;
    assert_eq!(migration.duplicate_ids, 2);
    assert!(!migration.indexes.contains(&"order_id_1"));
    assert!(!migration.is_done());
    backend.store.migrate(&migration).await.expect("the others");
    let missing = backend.store.missing_indexes().await.expect("indexes");
    assert_eq!(missing, ["order_id_1"]);
    assert_eq!(backend.store.duplicates().await.expect("a count"), 2);
    // Without the index, an upsert would read the whole collection for each order.
    let order = Draft::new("D", at(NOW)).order();
    let error = backend.store.upsert(vec![order]).await;
    let error = error.expect_err("no index").to_string();
    assert!(error.contains("`server migrate` says how many"), "{error}");
    assert_eq!(backend.store.count().await.expect("a count"), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_upsert_makes_the_unique_index() {
    let Some(backend) = MongoBackend::bare().await else {
        return;
    };
    for _ in 0..2 {
        let order = Draft::new("A", at(NOW)).order();
        backend.store.upsert(vec![order]).await.expect("an upsert");
    }
    assert_eq!(backend.store.count().await.expect("a count"), 1);
    let missing = backend.store.missing_indexes().await.expect("indexes");
    assert!(!missing.contains(&"order_id_1"), "{missing:?}");
    assert_eq!(backend.store.duplicates().await.expect("a count"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_with_other_options_will_do_for_an_upsert() {
    let Some(backend) = MongoBackend::bare().await else {
        return;
    };
    let other = doc! { "key": { "order_id": 1 }, "name": "by_id" };
    index(&backend, other).await;
    let order = Draft::new("A", at(NOW)).order();
    backend.store.upsert(vec![order]).await.expect("an upsert");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indexes_that_are_in_the_way_are_named_and_left_alone() {
    let Some(backend) = MongoBackend::bare().await else {
        return;
    };
    index(
        &backend,
        doc! { "key": { "created_at": 1 }, "name": "by_time" },
    )
    .await;
    index(
        &backend,
        doc! { "key": { "order_id": 1 }, "name": "order_id_1" },
    )
    .await;
    let migration = migration(&backend).await;
    let conflicts = migration.conflicts.join("; ");
    assert!(
        conflicts.contains("index by_time of orders is not what this program needs"),
        "{conflicts}"
    );
    assert!(conflicts.contains("\"unique\": true"), "{conflicts}");
    assert_eq!(migration.indexes.len(), 4);
    backend.store.migrate(&migration).await.expect("the others");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expired_orders_go() {
    let Some(backend) = MongoBackend::bare().await else {
        return;
    };
    let all = migration(&backend).await;
    backend.store.migrate(&all).await.expect("indexes");
    if !is_mongod(&backend).await {
        println!("needs mongod: that orders go after 35 days");
        return;
    }
    let soon = doc! { "setParameter": 1, "ttlMonitorSleepSecs": 1 };
    let admin = backend.database.client().database("admin");
    admin.run_command(soon).await.expect("a parameter");
    insert(&backend, "OLD", "1999-01-01T00:00:00Z").await;
    insert(&backend, "NEW", "2999-01-01T00:00:00Z").await;
    let one_is_left = async {
        while backend.store.count().await.expect("a count") > 1 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(60), one_is_left);
    gone.await.expect("expiry");
}

//! Synthetic orders beside those of other programs.

use chrono::DateTime;
use mongodb::bson::{Document, doc};
use server::clock::FixedClock;
use server::generate::{Plan, generate};
use server::store::OrderStore;

use crate::support::backend::Backend;
use crate::support::draft::{Draft, orders};
use crate::support::mongo::MongoBackend;
use crate::support::reads::newest;
use crate::support::time::at;

const NOON: &str = "2026-11-22T12:00:00Z";

async fn written_by_another_program(backend: &MongoBackend, order_id: &str) {
    let orders = backend.database.collection::<Document>("orders");
    let order = doc! { "order_id": order_id, "total": 1.0, "created_at": mongodb::bson::DateTime::from_millis(0) };
    orders.insert_one(order).await.expect("inserted");
}

async fn is_demonstration(backend: &MongoBackend) -> bool {
    backend.store.is_demonstration().await.expect("an answer")
}

async fn upsert_synthetic(backend: &MongoBackend, id: &str, among_others: bool) -> bool {
    let orders = orders(&[Draft::at(id, NOON)]);
    let written = backend.store.upsert_synthetic(orders, among_others);
    written.await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_of_another_program_ends_the_demonstration() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    assert!(upsert_synthetic(&backend, "ORD_1", false).await);
    assert!(is_demonstration(&backend).await);
    written_by_another_program(&backend, "ORD_2").await;
    assert!(!is_demonstration(&backend).await);
    assert!(!upsert_synthetic(&backend, "ORD_3", false).await);
    assert_eq!(backend.store.count().await.expect("a count"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn adoption_deletes_no_order_of_another_program() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    upsert_synthetic(&backend, "ORD_1", false).await;
    written_by_another_program(&backend, "ORD_2").await;
    assert_eq!(backend.store.adopt().await.expect("adoption"), 1);
    assert_eq!(backend.store.adopt().await.expect("adoption"), 0);
    assert_eq!(backend.store.count().await.expect("a count"), 1);
    assert!(!is_demonstration(&backend).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_synthetic_order_never_replaces_another_and_makes_way_for_it() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    written_by_another_program(&backend, "ORD_1").await;
    assert!(upsert_synthetic(&backend, "ORD_1", true).await);
    assert!(upsert_synthetic(&backend, "ORD_2", true).await);
    let store = &backend.store;
    assert_eq!(store.count().await.expect("a count"), 2);
    let recent = newest(store, 2).await;
    assert_eq!(recent[1].order_id, "ORD_1");
    assert_eq!(recent[1].total_cents.0, 100, "replaced");
    // An order that is somebody's own is not deleted with the synthetic ones, though one of them
    // had its id.
    let own = Draft::at("ORD_2", NOON).order();
    store.upsert(vec![own]).await.expect("an upsert");
    assert_eq!(store.adopt().await.expect("adoption"), 0);
    assert_eq!(store.count().await.expect("a count"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generated_orders_top_up_without_duplicates() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let store = &backend.store;
    let fill = async |now: DateTime<chrono::Utc>| {
        let generated = generate(store, Plan::default(), &FixedClock(now), |_| {}).await;
        generated.expect("synthetic orders").orders
    };
    assert_eq!(fill(at(NOON)).await, 500);
    assert_eq!(fill(at(NOON)).await, 0);
    let more = fill(at("2026-11-24T12:00:00Z")).await;
    assert!(more > 0);
    assert_eq!(store.count().await.expect("a count"), 500 + more);
    assert!(is_demonstration(&backend).await);
}

//! What callers and processes see of each other, beyond what every store must promise.

use app::model::Cents;
use chrono::DateTime;
use futures::FutureExt;
use tempfile::TempDir;

use super::super::*;
use crate::order::OrderId;
use crate::store::{Lease, LeaseStore};

fn order(number: u32) -> Order {
    Order {
        order_id: OrderId::Text(format!("ORD_{number:05}")),
        created_at: DateTime::UNIX_EPOCH,
        status: "delivered".to_owned(),
        customer_id: "CUST_0001".to_owned(),
        region: "North".to_owned(),
        category: "footwear".to_owned(),
        product_id: "PROD_001".to_owned(),
        product_name: None,
        quantity: 1,
        total: Cents(1_000),
        document: "{}".to_owned(),
    }
}

async fn store(folder: &TempDir) -> SqliteStore {
    let path = folder.path().join("orders.sqlite");
    SqliteStore::open(&path).await.expect("a store")
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

#[tokio::test]
async fn a_batch_that_fails_leaves_nothing() {
    let folder = folder();
    let store = store(&folder).await;
    let result = store
        .writer
        .run("upsert", |connection| {
            connection.execute_batch(
                "CREATE TEMP TRIGGER fail BEFORE INSERT ON main.orders
                 WHEN new.order_id = 'ORD_00050' BEGIN SELECT RAISE(ABORT, 'no'); END",
            )
        })
        .await;
    result.expect("a trigger");
    let batch = (0..100).map(order).collect();
    store.upsert(batch).await.expect_err("should fail");
    assert_eq!(store.count().await.expect("a count"), 0);
    // The connection can still be used.
    store.upsert(vec![order(1)]).await.expect("an upsert");
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_the_connections_usable() {
    let folder = folder();
    let store = store(&folder).await;
    for number in 0..200 {
        // Polled once: it has begun, and is dropped.
        let _ = store.upsert(vec![order(number)]).now_or_never();
        let _ = store.count().now_or_never();
    }
    store.upsert(vec![order(0)]).await.expect("an upsert");
    let count = store.count().await.expect("a count");
    assert!((1..=200).contains(&count), "{count}");
}

#[test]
fn a_store_may_be_dropped_after_its_runtime() {
    let folder = folder();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = runtime.block_on(store(&folder));
    drop(runtime);
    drop(store);
}

#[tokio::test]
async fn a_removed_file_is_noticed() {
    let folder = folder();
    let store = store(&folder).await;
    store.ping().await.expect("an answer");
    std::fs::remove_file(&store.path).expect("removed");
    let error = store.ping().await.expect_err("should fail");
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn another_processes_orders_change_the_token_and_its_leases_do_not() {
    let folder = folder();
    let (one, other) = (store(&folder).await, store(&folder).await);
    other.upsert(vec![order(1)]).await.expect("an upsert");
    let before = one.change_token().await.expect("a token");
    let lease = Lease {
        run_id: "01".to_owned(),
        until: DateTime::UNIX_EPOCH,
    };
    let taken = other.take(&lease, DateTime::UNIX_EPOCH).await;
    assert_eq!(taken.expect("a lease"), None);
    assert_eq!(one.change_token().await.expect("a token"), before);
    other.upsert(vec![order(1)]).await.expect("an upsert");
    assert_ne!(one.change_token().await.expect("a token"), before);
}

//! The stream of documents that the archive is made from.

use futures::StreamExt;
use server::order::Order;
use server::store::OrderStore;

use crate::support::agreement::{drained, filled_and_agreed};
use crate::support::draft::{Draft, orders};
use crate::support::lines::lines;
use crate::support::oracle;
use crate::support::random;
use crate::support::time::{at, ever, window};

const NOON: &str = "2026-11-22T12:00:00Z";

pub async fn come_by_time_then_id(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("ORD_3", NOON),
        Draft::at("ORD_10", NOON),
        Draft::at("ORD_2", "2026-11-22T12:00:00.001Z"),
        Draft::at("ORD_9", "2026-11-22T11:59:59.999Z"),
    ];
    store.upsert(orders(&drafts)).await.expect("an upsert");
    let expected = [3, 1, 0, 2].map(|index: usize| drafts[index].order().document);
    assert_eq!(drained(store, ever()).await, expected);
}

pub async fn are_those_of_the_window(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("BEFORE", "2026-11-21T23:59:59.999Z"),
        Draft::at("FROM", "2026-11-22T00:00:00Z"),
        Draft::at("TO", "2026-11-23T00:00:00Z"),
    ];
    store.upsert(orders(&drafts)).await.expect("an upsert");
    let day = window("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z");
    assert_eq!(drained(store, day).await, [drafts[1].order().document]);
    let none = window("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    assert!(drained(store, none).await.is_empty());
}

pub async fn come_byte_for_byte(store: &dyn OrderStore) {
    let line = concat!(
        r#"{"zeta":1,"order_id":"ORD_1","alpha":{"b":[1,2.5,null,true],"a":""},"#,
        r#""created_at":"2026-11-22T12:00:00.250Z","total":885.9,"note":"größer \"quoted\" \\ /"}"#
    );
    let order = Order::from_json(line).expect("an order");
    assert_eq!(order.document, line);
    store.upsert(vec![order]).await.expect("an upsert");
    assert_eq!(drained(store, ever()).await, [line]);
}

pub async fn are_those_at_the_time_of_the_call(store: &dyn OrderStore) {
    let now = at(NOON);
    let before = random::orders(5_000, 1, now);
    store.upsert(before.clone()).await.expect("an upsert");
    // Not read from before the store has changed: the call counts, not the first document.
    let documents = store.documents(ever()).await.expect("a stream");
    let changed = before.iter().map(|order| Order {
        document: order.document.replace("North", "moved"),
        ..order.clone()
    });
    store.upsert(changed.collect()).await.expect("an upsert");
    let late = Draft::at("LATE", NOON).order();
    store.upsert(vec![late]).await.expect("an upsert");
    assert!(
        lines(documents).await == oracle::documents(&before, ever()),
        "not as they were"
    );
    assert_eq!(drained(store, ever()).await.len(), 5_001);
}

pub async fn may_be_dropped_early(store: &dyn OrderStore) {
    let orders = random::orders(5_000, 1, at(NOON));
    store.upsert(orders.clone()).await.expect("an upsert");
    for taken in [0, 1, 3] {
        // Many more than a pool has connections.
        for _ in 0..40 {
            let documents = store.documents(ever()).await.expect("a stream");
            assert_eq!(documents.take(taken).count().await, taken);
        }
    }
    filled_and_agreed(store, &orders, ever(), &[ever()]).await;
}

pub async fn come_in_full_when_there_are_many(store: &dyn OrderStore) {
    // Sizes around the ends of batches, whatever their size may be.
    let orders = random::orders(3_001, 3, at(NOON));
    for batch in orders.chunks(1_000) {
        store.upsert(batch.to_vec()).await.expect("an upsert");
        let documents = drained(store, ever()).await;
        assert_eq!(
            documents.len() as u64,
            store.count().await.expect("a count")
        );
    }
}

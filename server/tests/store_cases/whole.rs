//! What is said of the whole store.

use server::store::OrderStore;

use crate::support::agreement::{agreed, filled_and_agreed};
use crate::support::draft::{Draft, orders};
use crate::support::reads::{counts, newest};
use crate::support::time::{at, ever, window};

pub async fn an_empty_store_has_nothing(store: &dyn OrderStore) {
    let days = [
        window("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"),
        window("2026-11-22T00:00:00Z", "2026-11-22T10:00:00Z"),
    ];
    agreed(store, &[], ever(), &days).await;
    assert_eq!(store.oldest().await.expect("the oldest"), None);
    assert_eq!(counts(store, &days).await, [0, 0]);
    assert!(counts(store, &[]).await.is_empty());
}

pub async fn one_order_is_everywhere(store: &dyn OrderStore) {
    let order = Draft::at("ORD_1", "2026-11-22T10:00:00.123Z").status("pending");
    let day = window("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z");
    filled_and_agreed(store, &[order.order()], day, &[day]).await;
}

pub async fn the_oldest_order_need_not_come_first(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("ORD_1", "2026-11-22T10:00:00Z"),
        Draft::at("ORD_2", "2026-10-22T10:00:00Z"),
        Draft::at("ORD_3", "2026-12-22T10:00:00Z"),
    ];
    store.upsert(orders(&drafts)).await.expect("an upsert");
    assert_eq!(
        store.oldest().await.expect("the oldest"),
        Some(at("2026-10-22T10:00:00Z"))
    );
    assert_eq!(store.count().await.expect("a count"), 3);
}

pub async fn a_limit_may_be_beyond_what_is_there_or_zero(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("ORD_1", "2026-11-22T10:00:00Z").product("PROD_001"),
        Draft::at("ORD_2", "2026-11-22T11:00:00Z").product("PROD_002"),
    ];
    store.upsert(orders(&drafts)).await.expect("an upsert");
    assert_eq!(newest(store, 1_000_000).await.len(), 2);
    assert_eq!(newest(store, 0).await, []);
}

pub async fn the_store_answers_a_ping(store: &dyn OrderStore) {
    store.ping().await.expect("an answer");
    assert!(!store.to_string().is_empty());
}

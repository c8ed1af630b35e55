//! Whether the orders are synthetic.

use server::store::OrderStore;

use crate::support::draft::Draft;

async fn is_demonstration(store: &dyn OrderStore) -> bool {
    store.is_demonstration().await.expect("the flag")
}

async fn upsert(store: &dyn OrderStore) {
    let order = Draft::at("ORD_1", "2026-11-22T12:00:00Z").order();
    store.upsert(vec![order]).await.expect("an upsert");
}

pub async fn an_empty_store_is_demonstration_data(store: &dyn OrderStore) {
    assert!(is_demonstration(store).await);
}

pub async fn adoption_removes_what_is_synthetic(store: &dyn OrderStore) {
    let synthetic = Draft::at("ORD_2", "2026-11-22T12:00:00Z").order();
    let written = store.upsert_synthetic(vec![synthetic], false).await;
    assert!(written.expect("an answer"));
    assert_eq!(store.adopt().await.expect("adoption"), 1);
    assert_eq!(store.count().await.expect("a count"), 0);
}

pub async fn nothing_synthetic_enters_an_adopted_store(store: &dyn OrderStore) {
    store.adopt().await.expect("adoption");
    let synthetic = Draft::at("ORD_2", "2026-11-22T12:00:00Z").order();
    let written = store.upsert_synthetic(vec![synthetic], false).await;
    assert!(!written.expect("an answer"));
    assert_eq!(store.count().await.expect("a count"), 0);
}

pub async fn an_adopted_store_is_somebodys_own(store: &dyn OrderStore) {
    store.adopt().await.expect("adoption");
    upsert(store).await;
    assert!(!is_demonstration(store).await);
    // A second time changes nothing.
    assert_eq!(store.adopt().await.expect("adoption"), 0);
    assert!(!is_demonstration(store).await);
    assert_eq!(store.count().await.expect("a count"), 1);
}

//! The token that says whether orders were written.

use std::time::Duration;

use server::store::OrderStore;
use tokio::time::{sleep, timeout};

use crate::support::draft::Draft;
use crate::support::reads::totals;
use crate::support::time::ever;

async fn token(store: &dyn OrderStore) -> String {
    store.change_token().await.expect("a token")
}

pub async fn reading_leaves_the_token_alone(store: &dyn OrderStore) {
    let order = Draft::at("ORD_1", "2026-11-22T10:00:00Z").order();
    store.upsert(vec![order]).await.expect("an upsert");
    let before = token(store).await;
    totals(store, &[ever()]).await;
    store.ping().await.expect("a ping");
    assert_eq!(token(store).await, before);
}

pub async fn an_order_that_comes_changes_the_token(store: &dyn OrderStore) {
    let mut before = token(store).await;
    for id in ["ORD_1", "ORD_2"] {
        let order = Draft::at(id, "2026-11-22T10:00:00Z").order();
        store.upsert(vec![order]).await.expect("an upsert");
        before = another(store, &before).await;
    }
}

/// The next token, which a change stream may bring a moment after the write.
async fn another(store: &dyn OrderStore, before: &str) -> String {
    let waiting = async {
        loop {
            let after = token(store).await;
            if after != before {
                break after;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let after = timeout(Duration::from_secs(20), waiting).await;
    after.expect("another token")
}

pub async fn every_write_changes_the_token(store: &dyn OrderStore) {
    let draft = Draft::at("ORD_1", "2026-11-22T10:00:00Z");
    let orders = vec![draft.order()];
    let written = store.upsert_synthetic(orders, false).await;
    assert!(written.expect("an upsert"));
    let first = token(store).await;
    let orders = vec![draft.status("returned").order()];
    store.upsert(orders).await.expect("an upsert");
    let updated = another(store, &first).await;
    store.adopt().await.expect("adoption");
    another(store, &updated).await;
}

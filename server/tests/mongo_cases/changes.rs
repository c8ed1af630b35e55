//! Whether the server tells of a change of an order. mongo-java-server tells only of new ones.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::explained::is_mongod;
use crate::support::backend::Backend;
use crate::support::draft::Draft;
use crate::support::mongo::MongoBackend;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_order_changes_the_token() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    if !is_mongod(&backend).await {
        println!("needs mongod: a changed order changes the token");
        return;
    }
    let store = backend.store();
    let draft = Draft::at("ORD_1", "2026-11-22T10:00:00Z");
    store.upsert(vec![draft.order()]).await.expect("an upsert");
    let token = async || store.change_token().await.expect("a token");
    // Until the stream, if there is one, has brought the order.
    token().await;
    sleep(Duration::from_secs(2)).await;
    let before = token().await;
    let changed = draft.status("returned").order();
    store.upsert(vec![changed]).await.expect("an upsert");
    let waiting = async {
        while token().await == before {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), waiting)
        .await
        .expect("another token");
}

//! Two servers with the same orders and the same Redis.

use std::sync::Arc;
use std::time::Duration;

use server::cache::Key;
use server::store::OrderStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::support::draft::Draft;
use crate::support::lesson;
use crate::support::redis::RedisServer;
use crate::support::replica::Replica;

const SOON: Duration = Duration::from_secs(30);

/// What the answers were last recomputed for.
async fn recomputed_for(replica: &Replica) -> Option<String> {
    Some(replica.cache.get(&Key::live()).await?.meta)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_one_recomputation_and_both_tell_of_it() {
    let Some(redis) = RedisServer::start(&[]) else {
        return;
    };
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("orders.sqlite");
    let replica = async || {
        let sqlite = SqliteStore::open(&file).await.expect("a store");
        Replica::start(Arc::new(sqlite), Arc::new(redis.cache())).await
    };
    let replicas = [replica().await, replica().await];
    let store = &replicas[0].store;
    store.adopt().await.expect("adoption");
    store.upsert(lesson::orders()).await.expect("an upsert");
    let mut listeners = Vec::new();
    for replica in &replicas {
        listeners.push(replica.assembly.live.listen().await.expect("a listener"));
    }
    let settled = async {
        while recomputed_for(&replicas[0]).await.is_none() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, settled).await.expect("a recomputation");
    let queries = || -> u32 {
        let calls = replicas
            .iter()
            .map(|replica| replica.store.calls("by_category"));
        calls.sum()
    };
    let first = queries();
    // A machine that is busy may answer a claim too late, and then both recompute; hence more
    // tries than are needed.
    let mut alone = false;
    for number in 0..5 {
        for listener in &mut listeners {
            listener.borrow_and_update();
        }
        let before = (queries(), recomputed_for(&replicas[0]).await);
        let order = Draft::at(&format!("NEW_{number}"), "2026-11-22T10:30:00Z").order();
        store.upsert(vec![order]).await.expect("an upsert");
        let token = store.change_token().await.expect("a token");
        let done = async {
            while recomputed_for(&replicas[0]).await.as_ref() != Some(&token) {
                sleep(Duration::from_millis(20)).await;
            }
            for listener in &mut listeners {
                listener.changed().await.expect("a server");
            }
            // Both have asked once more.
            sleep(Duration::from_secs(3)).await;
        };
        timeout(SOON, done)
            .await
            .expect("a recomputation that is told");
        let now = queries() - before.0;
        assert!((1..=2).contains(&now), "{now} recomputations");
        alone = now == 1;
        if alone {
            break;
        }
    }
    assert!(alone, "both have recomputed five times; {first} at first");

    // The pages of one are closed, whichever it is that has recomputed last; then those of the other.
    for (number, replica) in (5..).zip(&replicas) {
        listeners = vec![replica.assembly.live.listen().await.expect("a listener")];
        let order = Draft::at(&format!("NEW_{number}"), "2026-11-22T10:30:00Z").order();
        store.upsert(vec![order]).await.expect("an upsert");
        let token = store.change_token().await.expect("a token");
        let done = async {
            while recomputed_for(replica).await.as_ref() != Some(&token) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(SOON, done).await.expect("a recomputation");
    }
    drop(listeners);
}

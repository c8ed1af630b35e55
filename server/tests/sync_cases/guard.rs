//! A change is announced before others see it: it is read only then.

use crate::support::source_shop::{Follower, Sink, SourceShop, job, stored};

/// Every commit waits for a standby that does not exist.
const SETTINGS: &str = "synchronous_standby_names = 'nobody'\nsynchronous_commit = local\n";

with_every_store!(a_commit_that_waits_for_a_standby_is_not_lost);

async fn a_commit_that_waits_for_a_standby_is_not_lost(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 3).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    let writer = shop.postgres.client().await;
    let waiting = tokio::spawn(async move {
        let insert = "SET synchronous_commit = on; BEGIN;
            INSERT INTO shop.orders (id) VALUES (100);
            INSERT INTO shop.order_lines (order_id) VALUES (100); COMMIT";
        writer.batch_execute(insert).await
    });
    let sql = "SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    while shop.owner.query(sql, &[]).await.expect("rows").is_empty() {}
    // It is announced, and nobody sees it. What is committed after it is not read before it.
    shop.run(
        "INSERT INTO shop.orders (id) VALUES (101);
         INSERT INTO shop.order_lines (order_id) VALUES (101)",
    )
    .await;
    let stands_still = loop {
        if let Some(why) = follower.state().await.waiting {
            break Some(why);
        }
        if has(&sink, "101-").await {
            break None;
        }
    };
    assert!(!waiting.is_finished());
    // Now it becomes visible, and nothing announces it again.
    shop.postgres.configure("synchronous_standby_names = ''\n");
    shop.postgres.reload();
    waiting.await.expect("an end").expect("a commit");
    follower.comes_to_rest(&shop).await;
    assert!(has(&sink, "100-").await);
    let why = stands_still.expect("the stream goes on");
    assert!(why.contains("synchronous_standby_names"), "{why}");
    // The stream goes on.
    shop.run("DELETE FROM shop.orders WHERE id = 100").await;
    follower.comes_to_rest(&shop).await;
    follower.until(|state| state.waiting.is_none()).await;
    follower.stop().await;
}

async fn has(sink: &impl Sink, start: &str) -> bool {
    let stored = stored(sink.orders().as_ref()).await;
    stored.keys().any(|id| id.starts_with(start))
}

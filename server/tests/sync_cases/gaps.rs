//! What the stream cannot bring is found by comparing, and said.

use crate::support::source_shop::{
    Follower, KEYS, Sink, SourceShop, agree, agrees, job, state, stored,
};
use server::sync::{self, SyncError};

const SETTINGS: &str = "max_slot_wal_keep_size = 32MB\nmin_wal_size = 32MB\nmax_wal_size = 64MB\ncheckpoint_timeout = 30s\n";

with_every_store!(
    a_slot_that_is_gone_is_healed,
    a_slot_that_is_ahead_is_healed,
    a_slot_that_lost_its_log_is_healed,
    another_cluster_is_refused,
    orders_of_another_program_are_not_replaced_unasked,
    a_slot_is_given_back,
);

/// Follows to rest, ends, and changes the source meanwhile; `gap` is what happens to the slot.
async fn healed_after(shop: &SourceShop, sink: &impl Sink, gap: &str, reason: &str) {
    shop.fill(1, 200).await;
    let follower = Follower::start(job(&shop.uri(), sink));
    follower.comes_to_rest(shop).await;
    follower.stop().await;
    shop.run(
        "UPDATE shop.orders SET status = 'lost' WHERE id = 7;
         DELETE FROM shop.orders WHERE id = 8;
         INSERT INTO shop.orders (id) VALUES (1000);
         INSERT INTO shop.order_lines (order_id) VALUES (1000)",
    )
    .await;
    let missed = shop.orders().await;
    shop.slot_is_free().await;
    shop.run(gap).await;
    let follower = Follower::start(job(&shop.uri(), sink));
    let state = follower.until(|state| state.healed.is_some()).await;
    agrees(shop, sink.orders().as_ref()).await;
    assert_eq!(missed, stored(sink.orders().as_ref()).await);
    let healed = state.healed.expect("a gap");
    assert!(healed.reason.contains(reason), "{healed:?}");
    // Order 7 has 2 lines, order 8 had 3, order 1000 has one.
    assert_eq!(healed.orders, 6, "{healed:?}");
    shop.run("UPDATE shop.orders SET status = 'shipped'").await;
    follower.comes_to_rest(shop).await;
    follower.stop().await;
}

async fn a_slot_that_is_gone_is_healed(shop: SourceShop, sink: impl Sink) {
    let gap = "SELECT pg_drop_replication_slot('shopstream_dashboard')";
    healed_after(&shop, &sink, gap, "gone").await;
}

async fn a_slot_that_is_ahead_is_healed(shop: SourceShop, sink: impl Sink) {
    let gap = "SELECT pg_replication_slot_advance('shopstream_dashboard', pg_current_wal_lsn())";
    healed_after(&shop, &sink, gap, "ahead").await;
}

async fn a_slot_that_lost_its_log_is_healed(shop: SourceShop, sink: impl Sink) {
    let mut gap = String::from("CREATE TABLE junk (text text);");
    for _ in 0..8 {
        gap.push_str("INSERT INTO junk SELECT repeat(md5(n::text), 30) FROM generate_series(1, 12000) n; CHECKPOINT;");
    }
    // One statement at a time: a checkpoint cannot be in a transaction.
    let (owner, statements) = (&shop.owner, gap.split_inclusive(';'));
    shop.fill(1, 200).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    follower.stop().await;
    shop.run("UPDATE shop.orders SET status = 'lost' WHERE id = 7")
        .await;
    for statement in statements {
        owner.batch_execute(statement).await.expect("junk");
    }
    let sql = "SELECT wal_status FROM pg_replication_slots";
    let status: String = owner.query_one(sql, &[]).await.expect("a slot").get(0);
    assert_eq!(status, "lost");
    let follower = Follower::start(job(&shop.uri(), &sink));
    let state = follower.until(|state| state.healed.is_some()).await;
    agrees(&shop, sink.orders().as_ref()).await;
    let healed = state.healed.expect("a gap");
    assert!(
        healed.reason.contains("lost") && healed.orders == 2,
        "{healed:?}"
    );
    follower.stop().await;
}

async fn another_cluster_is_refused(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 10).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    follower.stop().await;
    let before = stored(sink.orders().as_ref()).await;
    let Some(copy) = SourceShop::with(SETTINGS).await else {
        return;
    };
    copy.fill(5, 3).await;
    let error = Follower::start(job(&copy.uri(), &sink)).fails().await;
    assert!(matches!(error, SyncError::OtherSource { .. }), "{error}");
    let error = sync::full(&job(&copy.uri(), &sink), false, |_| {}).await;
    assert!(
        matches!(error, Err(SyncError::OtherSource { .. })),
        "{error:?}"
    );
    assert_eq!(stored(sink.orders().as_ref()).await, before);
    // If that is meant, it is possible.
    let loaded = sync::full(&job(&copy.uri(), &sink), true, |_| {}).await;
    loaded.expect("a load");
    agrees(&copy, sink.orders().as_ref()).await;
}

async fn orders_of_another_program_are_not_replaced_unasked(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 3).await;
    let line = r#"{"order_id":"THEIRS","created_at":"2026-11-07T18:37:21Z","total":1}"#;
    let order = server::order::Order::from_json(line).expect("an order");
    let store = sink.orders();
    store.adopt().await.expect("adopted");
    store.upsert(vec![order]).await.expect("written");
    let error = Follower::start(job(&shop.uri(), &sink)).fails().await;
    let said = error.to_string();
    assert!(
        said.contains("another program") && said.contains("--full --yes"),
        "{said}"
    );
    assert_eq!(stored(store.as_ref()).await.len(), 1);
}

async fn a_slot_is_given_back(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 10).await;
    let job = job(&shop.uri(), &sink);
    assert_eq!(job.source.keys.len(), KEYS.split(',').count());
    let follower = Follower::start(job.clone());
    follower.comes_to_rest(&shop).await;
    // Not while it is read.
    let error = sync::drop_slot(&job).await.expect_err("an error");
    assert!(matches!(error, SyncError::Held), "{error}");
    follower.stop().await;
    shop.slot_is_free().await;
    // Also when there is no view any more.
    shop.run("ALTER VIEW dashboard_orders RENAME TO away").await;
    assert!(sync::drop_slot(&job).await.expect("dropped"));
    assert!(!sync::drop_slot(&job).await.expect("nothing to drop"));
    assert!(state(&job).await.position.is_none());
    let slots = shop
        .owner
        .query("SELECT FROM pg_replication_slots", &[])
        .await;
    assert!(slots.expect("slots").is_empty());
    shop.run("ALTER VIEW away RENAME TO dashboard_orders").await;
    agree(&shop, sink.orders().as_ref()).await;
}

//! Loads for cron: nothing that is committed later than it was written is missed.

use std::time::Duration;

use server::sync;

use crate::support::source_shop::{Sink, SourceShop, agrees, job, state};

const SETTINGS: &str = "";

with_every_store!(
    a_load_brings_what_has_changed,
    a_transaction_that_stays_open_over_a_load_is_not_missed,
);

async fn a_load_brings_what_has_changed(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 6_000).await;
    let job = job(&shop.uri(), &sink);
    let load = async || {
        let loaded = sync::incremental(&job, Some(Duration::ZERO), |_| {}, |_| {}).await;
        loaded.expect("a load")
    };
    assert_eq!(load().await.written, shop.orders().await.len() as u64);
    agrees(&shop, sink.orders().as_ref()).await;
    shop.run(
        "UPDATE shop.orders SET status = 'lost', updated_at = now() WHERE id IN (5, 6);
         DELETE FROM shop.order_lines WHERE id = (SELECT max(id) FROM shop.order_lines WHERE order_id = 5);
         DELETE FROM shop.orders WHERE id = 7;
         INSERT INTO shop.orders (id, created_at, updated_at) VALUES (9000, now() + interval '2 days', now() + interval '9 years');
         INSERT INTO shop.order_lines (order_id) VALUES (9000)",
    )
    .await;
    let loaded = load().await;
    agrees(&shop, sink.orders().as_ref()).await;
    assert!(loaded.written < 20, "{loaded:?}");
    // A date in the future stops nothing.
    shop.run("UPDATE shop.orders SET status = 'shipped', updated_at = now() WHERE id = 10")
        .await;
    load().await;
    agrees(&shop, sink.orders().as_ref()).await;
    // No write to the source, and no slot.
    let slots = shop
        .owner
        .query("SELECT FROM pg_replication_slots", &[])
        .await;
    assert!(slots.expect("slots").is_empty());
}

async fn a_transaction_that_stays_open_over_a_load_is_not_missed(
    shop: SourceShop,
    sink: impl Sink,
) {
    shop.fill(1, 10).await;
    let job = job(&shop.uri(), &sink);
    let load = async || {
        let loaded = sync::incremental(&job, Some(Duration::ZERO), |_| {}, |_| {}).await;
        loaded.expect("a load");
    };
    load().await;
    let writer = shop.postgres.client().await;
    // Its now() is from here on, although it has not written.
    writer
        .batch_execute("BEGIN; SELECT now()")
        .await
        .expect("begun");
    shop.run("UPDATE shop.orders SET status = 'shipped', updated_at = now() WHERE id = 2")
        .await;
    load().await;
    let update = "UPDATE shop.orders SET status = 'lost', updated_at = now() WHERE id = 3; COMMIT";
    writer.batch_execute(update).await.expect("a commit");
    load().await;
    agrees(&shop, sink.orders().as_ref()).await;
    let caught_up = state(&job).await.caught_up_at;
    assert!(caught_up.is_some());
}

//! Every kind of change, followed.

use server::sync::{self, State};
use tokio_postgres::Client;

use crate::support::source_shop::{
    Follower, Sink, SourceShop, SqliteSink, agrees, filled, job, stored,
};

const SETTINGS: &str = "";

with_every_store!(
    every_kind_of_change_arrives,
    a_first_load_under_writes_is_whole,
    a_transaction_larger_than_a_batch_arrives,
    an_older_order_is_changed_and_never_inserted,
    a_row_that_is_no_order_is_named_and_the_rest_goes_on,
);

async fn every_kind_of_change_arrives(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 50).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    for change in [
        "INSERT INTO shop.orders (id) VALUES (1000);
         INSERT INTO shop.order_lines (order_id) VALUES (1000), (1000), (1000)",
        "UPDATE shop.orders SET status = 'shipped' WHERE id = 1000",
        "DELETE FROM shop.order_lines WHERE id = (SELECT max(id) FROM shop.order_lines)",
        "DELETE FROM shop.order_lines WHERE id = (SELECT max(id) FROM shop.order_lines)",
        "UPDATE shop.order_lines SET order_id = 7 WHERE order_id = 1000",
        "UPDATE shop.order_lines SET quantity = 9 WHERE order_id = 7",
        "UPDATE shop.orders SET id = 2000 WHERE id = 7",
        "UPDATE shop.orders SET deleted_at = now() WHERE id = 2000",
        "UPDATE shop.orders SET deleted_at = NULL WHERE id = 2000",
        "DELETE FROM shop.orders WHERE id = 2000",
        "INSERT INTO shop.orders (id, status) VALUES (2000, 'returned');
         INSERT INTO shop.order_lines (order_id) VALUES (2000)",
        "BEGIN; UPDATE shop.orders SET status = 'lost'; ROLLBACK",
        "BEGIN; UPDATE shop.orders SET status = 'shipped' WHERE id < 9; SAVEPOINT a;
         UPDATE shop.orders SET status = 'lost' WHERE id < 20; ROLLBACK TO a; COMMIT",
        "TRUNCATE shop.orders, shop.order_lines",
        &filled(1, 20),
    ] {
        shop.run(change).await;
        follower.comes_to_rest(&shop).await;
    }
    let state = follower.state().await;
    assert!(
        state.healed.is_none() && state.refused.is_empty(),
        "{state:?}"
    );
    follower.stop().await;
}

async fn a_first_load_under_writes_is_whole(shop: SourceShop, sink: impl Sink) {
    // Twice as many rows as a page holds.
    shop.fill(1, 6_000).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    let writer = shop.postgres.client().await;
    writes(&writer, 200, 1).await;
    follower.comes_to_rest(&shop).await;
    // It is over, and everything goes on.
    follower.until(|state| state.copying.is_none()).await;
    writes(&writer, 50, 2).await;
    follower.comes_to_rest(&shop).await;
    follower.stop().await;
}

/// Inserts, updates and deletes in random transactions.
async fn writes(client: &Client, count: u32, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    for number in 0..count {
        let (id, other) = (random.u32(1..6_000), random.u32(1..6_000));
        let new = 100_000 * seed + u64::from(number);
        let change = match random.u8(0..6) {
            0 => format!("DELETE FROM shop.orders WHERE id = {id}"),
            1 => format!("DELETE FROM shop.order_lines WHERE order_id = {id}"),
            2 => format!("UPDATE shop.orders SET id = {new} WHERE id = {id}"),
            3 => format!(
                "INSERT INTO shop.orders (id) VALUES ({new});
                 INSERT INTO shop.order_lines (order_id) VALUES ({new}), ({new})"
            ),
            _ => format!(
                "BEGIN; UPDATE shop.orders SET status = 'shipped' WHERE id = {id};
                 UPDATE shop.order_lines SET quantity = quantity + 1 WHERE order_id = {other}; COMMIT"
            ),
        };
        client.batch_execute(&change).await.expect(&change);
    }
}

async fn a_transaction_larger_than_a_batch_arrives(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 12_000).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    shop.run("UPDATE shop.orders SET status = 'returned', updated_at = now()")
        .await;
    follower.comes_to_rest(&shop).await;
    shop.run("DELETE FROM shop.orders WHERE id % 2 = 0").await;
    follower.comes_to_rest(&shop).await;
    follower.stop().await;
}

async fn an_older_order_is_changed_and_never_inserted(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 3).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    shop.run(
        "INSERT INTO shop.orders (id, created_at) VALUES (100, now() - interval '36 days');
         INSERT INTO shop.order_lines (order_id) VALUES (100);
         UPDATE shop.orders SET created_at = now() - interval '40 days', status = 'old' WHERE id = 1;
         INSERT INTO shop.orders (id) VALUES (101);
         INSERT INTO shop.order_lines (order_id) VALUES (101)",
    )
    .await;
    let arrived = async |id: &str, status: &str| {
        loop {
            let stored = stored(sink.orders().as_ref()).await;
            let order = stored.iter().find(|(key, _)| key.starts_with(id));
            if order.is_some_and(|(_, order)| order["status"] == status) {
                return stored;
            }
        }
    };
    arrived("1-", "old").await;
    let stored = arrived("101-", "pending").await;
    assert!(
        !stored.keys().any(|id| id.starts_with("100-")),
        "{stored:?}"
    );
    follower.stop().await;
}

async fn a_row_that_is_no_order_is_named_and_the_rest_goes_on(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 5).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    shop.run(
        "UPDATE shop.order_lines SET quantity = 2000000000, unit_price = 9999999999 WHERE order_id = 3;
         UPDATE shop.orders SET status = 'shipped' WHERE id = 4",
    )
    .await;
    let named = |state: &State| {
        state
            .refused
            .get("3")
            .is_some_and(|why| why.contains("total"))
    };
    follower.until(named).await;
    follower.comes_to_rest(&shop).await;
    shop.run("UPDATE shop.order_lines SET quantity = 2, unit_price = 3 WHERE order_id = 3")
        .await;
    follower.until(|state| state.refused.is_empty()).await;
    agrees(&shop, sink.orders().as_ref()).await;
    follower.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_is_never_written() {
    // Nothing but writes uses up numbers of transactions.
    let (Some(shop), Some(sink)) = (
        SourceShop::with("autovacuum = off\n").await,
        SqliteSink::open().await,
    ) else {
        return;
    };
    shop.fill(1, 50).await;
    let next = async || {
        let sql = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text";
        let row = shop.owner.query_one(sql, &[]).await.expect("a number");
        row.get::<_, String>(0)
    };
    let before = next().await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    follower.until(|state| state.drift.is_some()).await;
    follower.stop().await;
    let job = job(&shop.uri(), &sink);
    let load = sync::incremental(&job, None, |_| {}, |_| {}).await;
    load.expect("a load");
    sync::full(&job, false, |_| {}).await.expect("a load");
    sync::compare_window(&job, true).await.expect("compared");
    sync::repair_window(&job).await.expect("repaired");
    assert_eq!(next().await, before);
    shop.run("UPDATE shop.orders SET status = 'shipped'").await;
    assert_ne!(next().await, before);
}

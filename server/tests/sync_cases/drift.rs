//! Differences are found, named, and put right; a store that is only a moment behind has none.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use app::model::Cents;
use serde_json::Value;
use server::order::Order;
use server::sync::{self, Kind, State};
use tokio::time::sleep;

use crate::support::source_shop::{Follower, Sink, SourceShop, agree, agrees, job, soaked, stored};

const SETTINGS: &str = "";

with_every_store!(
    drift_is_found_and_repaired,
    there_is_none_while_the_source_is_written,
    a_follower_says_that_there_is_none,
    rows_with_one_order_id_are_named_while_following,
);

async fn drift_is_found_and_repaired(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 300).await;
    let job = job(&shop.uri(), &sink);
    sync::full(&job, false, |_| {}).await.expect("a load");
    let (drift, _) = sync::compare_window(&job, true).await.expect("compared");
    assert_eq!(
        (drift.orders, drift.cents, drift.since),
        (0, Cents(0), None)
    );
    // One is a cent too much, one has another status, one is missing, one is too many.
    let orders = stored(sink.orders().as_ref()).await;
    let changed = |id: &str, field: &str, value: Value| {
        let mut document = orders[id].clone();
        let key = document["source_key"].as_f64().expect("a key");
        document["source_key"] = (key as i64).into();
        document[field] = value;
        Order::from_json(&document.to_string()).expect("an order")
    };
    let (cent, status, missing) = (
        id(&orders, "100-"),
        id(&orders, "101-"),
        id(&orders, "102-"),
    );
    let total = orders[&cent]["total"].as_f64().expect("a total");
    let extra = changed(&status, "order_id", "EXTRA".into());
    let store = sink.orders();
    let wrong = vec![
        changed(&cent, "total", (total + 0.01).into()),
        changed(&status, "status", "lost".into()),
        extra,
    ];
    store.upsert(wrong).await.expect("written");
    sink.sync()
        .replace(vec!["102".to_owned()], Vec::new())
        .await
        .expect("deleted");

    let (drift, found) = sync::compare_window(&job, true).await.expect("compared");
    let kind = |id: &str| {
        found
            .iter()
            .find(|order| order.order_id == id)
            .map(|order| order.kind)
    };
    assert_eq!(kind(&cent), Some(Kind::Different));
    assert_eq!(kind(&status), Some(Kind::Different));
    assert_eq!(kind(&missing), Some(Kind::Missing));
    assert_eq!(kind("EXTRA"), Some(Kind::Extra));
    assert_eq!(drift.orders, found.len() as u64);
    let of_cent = found.iter().find(|order| order.order_id == cent);
    assert_eq!(of_cent.map(|order| order.cents), Some(Cents(1)));

    let repaired = sync::repair_window(&job).await.expect("repaired");
    assert_eq!(repaired, drift.orders);
    agrees(&shop, store.as_ref()).await;
    assert_eq!(sync::repair_window(&job).await.expect("repaired"), 0);
}

fn id(orders: &BTreeMap<String, Value>, start: &str) -> String {
    let id = orders.keys().find(|id| id.starts_with(start));
    id.expect("an order").clone()
}

async fn there_is_none_while_the_source_is_written(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 500).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    let writer = shop.postgres.client().await;
    let until = Instant::now() + Duration::from_secs(soaked(10, 60));
    let writing = tokio::spawn(async move {
        let mut random = fastrand::Rng::with_seed(7);
        // No two changes are alike: the same two values in both comparisons would be drift.
        for n in 0_u64.. {
            if Instant::now() >= until {
                break;
            }
            let (id, quantity) = (random.u32(1..=500), random.u32(1..9));
            let change = format!(
                "BEGIN; UPDATE shop.order_lines SET quantity = {quantity} WHERE order_id = {id};
                 UPDATE shop.orders SET status = 'state {n}' WHERE id = {id}; COMMIT"
            );
            writer.batch_execute(&change).await.expect("a change");
            sleep(Duration::from_millis(5)).await;
        }
    });
    let mut compared = 0;
    while !writing.is_finished() {
        let (drift, found) = sync::compare_window(&follower.job, true)
            .await
            .expect("compared");
        assert_eq!(drift.orders, 0, "{found:?}");
        compared += 1;
    }
    assert!(compared > 0);
    writing.await.expect("an end");
    agree(&shop, sink.orders().as_ref()).await;
    follower.stop().await;
}

async fn a_follower_says_that_there_is_none(shop: SourceShop, sink: impl Sink) {
    shop.fill(1, 20).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    let state = follower.until(|state| state.drift.is_some()).await;
    let drift = state.drift.expect("drift");
    assert_eq!(
        (drift.orders, drift.days, drift.since),
        (0, 35, None),
        "{drift:?}"
    );
    follower.stop().await;
}

async fn rows_with_one_order_id_are_named_while_following(shop: SourceShop, sink: impl Sink) {
    let sold = |id: u32, product: &str| {
        format!(
            "INSERT INTO shop.orders (id) VALUES ({id});
             INSERT INTO shop.order_lines (order_id, product_id) VALUES ({id}, '{product}');"
        )
    };
    shop.run(
        "CREATE OR REPLACE VIEW dashboard_orders AS
            SELECT l.product_id AS order_id, o.id AS source_key, o.updated_at AS source_updated_at,
                o.region, o.status, o.created_at, l.product_id, 'footwear' AS category,
                l.unit_price, l.quantity, l.unit_price * l.quantity AS total
            FROM shop.orders o JOIN shop.order_lines l ON l.order_id = o.id",
    )
    .await;
    shop.run(&format!("{}{}", sold(1, "A"), sold(2, "B"))).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    // In one transaction.
    let both = format!("BEGIN; {}{} COMMIT", sold(3, "C"), sold(4, "C"));
    shop.run(&both).await;
    let refused = |state: &State| state.refused.values().any(|why| why.contains("order_id C"));
    follower.until(refused).await;
    // In two, one after the other: the later row is written.
    shop.run(&sold(5, "A")).await;
    let end = shop.position().await;
    follower.until(|state| state.position >= Some(end)).await;
    let compared = sync::compare_window(&follower.job, false).await;
    let (_, repeated) = compared.expect("compared");
    assert_eq!(repeated.len(), 2, "{repeated:?}");
    for (order, id) in repeated.iter().zip(["A", "C"]) {
        assert_eq!((order.order_id.as_str(), order.kind), (id, Kind::Repeated));
    }
    // Mended in the source.
    shop.run("UPDATE shop.order_lines SET product_id = 'line ' || id")
        .await;
    follower.comes_to_rest(&shop).await;
    follower.until(|state| state.refused.is_empty()).await;
    follower.stop().await;
}

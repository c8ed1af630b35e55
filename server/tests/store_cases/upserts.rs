//! Writing orders, once and again.

use server::store::OrderStore;

use crate::support::agreement::{agreed, filled_and_agreed};
use crate::support::draft::{Draft, orders};
use crate::support::reads::counts;
use crate::support::time::{ever, window};

pub async fn twice_is_once(store: &dyn OrderStore) {
    let drafts = ["ORD_1", "ORD_2"].map(|id| Draft::at(id, "2026-11-22T12:00:00Z"));
    let orders = orders(&drafts);
    filled_and_agreed(store, &orders, ever(), &[ever()]).await;
    filled_and_agreed(store, &orders, ever(), &[ever()]).await;
}

pub async fn replaces_every_field(store: &dyn OrderStore) {
    let mut before = Draft::at("ORD_1", "2026-11-22T12:00:00Z").status("pending");
    before.product_name = Some("Shoe".to_owned());
    let other = Draft::at("ORD_2", "2026-11-22T12:30:00Z").order();
    filled_and_agreed(store, &[before.order(), other.clone()], ever(), &[ever()]).await;
    let mut after = Draft::at("ORD_1", "2026-11-22T13:00:00Z")
        .status("returned")
        .category("apparel")
        .product("PROD_002")
        .quantity(3)
        .total(59.97);
    after.region = "South".to_owned();
    after.customer_id = "CUST_0002".to_owned();
    after.product_name = Some("Scarf".to_owned());
    for draft in [after.clone(), after.status("delivered")] {
        let order = draft.order();
        store.upsert(vec![order.clone()]).await.expect("an upsert");
        agreed(store, &[order, other.clone()], ever(), &[ever()]).await;
    }
}

pub async fn moves_an_order_out_of_a_window(store: &dyn OrderStore) {
    let day = window("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z");
    let inside = Draft::at("ORD_1", "2026-11-22T12:00:00Z").order();
    let outside = Draft::at("ORD_1", "2026-11-23T00:00:00Z").order();
    filled_and_agreed(store, &[inside], day, &[day]).await;
    filled_and_agreed(store, &[outside], day, &[day]).await;
    assert_eq!(counts(store, &[day]).await, [0]);
}

pub async fn of_two_in_one_batch_the_later_stays(store: &dyn OrderStore) {
    let first = Draft::at("ORD_1", "2026-11-22T12:00:00Z")
        .total(1.0)
        .order();
    let second = Draft::at("ORD_1", "2026-11-22T11:00:00Z")
        .total(2.0)
        .order();
    let batch = vec![first, second.clone()];
    store.upsert(batch).await.expect("an upsert");
    agreed(store, &[second], ever(), &[ever()]).await;
}

pub async fn nothing_is_no_error(store: &dyn OrderStore) {
    store.upsert(Vec::new()).await.expect("an upsert");
    assert_eq!(store.count().await.expect("a count"), 0);
}

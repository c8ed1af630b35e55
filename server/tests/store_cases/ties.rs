//! What comes first where the numbers are equal.

use server::order::Order;
use server::store::{Dimension, OrderStore};

use crate::support::agreement::filled_and_agreed;
use crate::support::draft::{Draft, orders};
use crate::support::reads::{by, newest};
use crate::support::time::ever;

const NOON: &str = "2026-11-22T12:00:00Z";

pub async fn groups_come_by_value(store: &dyn OrderStore) {
    let names = ["b", "a", "", "B", "ä", "z", "aa"];
    let drafts = names.map(|name| Draft::at(&format!("ORD_{name}"), NOON).category(name));
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let groups = by(store, Dimension::Category, ever()).await;
    let order: Vec<_> = groups.iter().map(|group| group.value.as_str()).collect();
    assert_eq!(order, ["", "B", "a", "aa", "b", "z", "ä"]);
}

pub async fn orders_of_one_instant_come_by_id(store: &dyn OrderStore) {
    let drafts = ["ORD_2", "ORD_10", "ORD_1", "ord_1"].map(|id| Draft::at(id, NOON));
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let rows = newest(store, 3).await;
    let order: Vec<_> = rows.iter().map(|row| row.order_id.as_str()).collect();
    assert_eq!(order, ["ord_1", "ORD_2", "ORD_10"]);
}

pub async fn ids_of_different_types_are_different_orders(store: &dyn OrderStore) {
    let ids = [
        "1001",
        r#""1001""#,
        r#""999""#,
        "999",
        "-9223372036854775808",
        r#"{"$oid":"65a000000000000000000001"}"#,
        r#""65a000000000000000000001x""#,
        r#"{"$oid":"05a000000000000000000001"}"#,
    ];
    let order = |id: &&str| {
        let line = format!(r#"{{"order_id":{id},"created_at":"{NOON}","total":1}}"#);
        Order::from_json(&line).expect("an order")
    };
    let orders: Vec<Order> = ids.iter().map(order).collect();
    filled_and_agreed(store, &orders, ever(), &[ever()]).await;
    // By value, whatever the number's type.
    let again = ["1001.0", "999.0"].iter().map(order).collect();
    store.upsert(again).await.expect("an upsert");
    assert_eq!(store.count().await.expect("a count"), 8);
}

pub async fn a_product_of_several_categories_and_names_has_the_first(store: &dyn OrderStore) {
    let mut drafts = [
        Draft::at("ORD_1", NOON).category("footwear"),
        Draft::at("ORD_2", NOON).category("apparel"),
        Draft::at("ORD_3", NOON).category("electronics"),
        Draft::at("ORD_4", NOON).product("PROD_002"),
    ];
    drafts[0].product_name = Some("Shoe".to_owned());
    drafts[2].product_name = Some("Boot".to_owned());
    drafts[3].product_name = Some(String::new());
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let groups = by(store, Dimension::Product, ever()).await;
    assert_eq!(groups[0].category, "apparel");
    assert_eq!(groups[0].product_name.as_deref(), Some("Boot"));
    assert_eq!(groups[1].product_name, None);
}

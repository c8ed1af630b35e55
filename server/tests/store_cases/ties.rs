//! What comes first where the numbers are equal.

use server::store::OrderStore;

use crate::support::agreement::filled_and_agreed;
use crate::support::draft::{Draft, orders};
use crate::support::time::ever;

const NOON: &str = "2026-11-22T12:00:00Z";

pub async fn categories_of_equal_revenue_come_by_name(store: &dyn OrderStore) {
    let names = ["b", "a", "", "B", "ä", "z", "aa"];
    let drafts = names.map(|name| Draft::at(&format!("ORD_{name}"), NOON).category(name));
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let rows = store.category_revenue(ever()).await.expect("categories");
    let order: Vec<_> = rows.iter().map(|row| row.category.as_str()).collect();
    assert_eq!(order, ["", "B", "a", "aa", "b", "z", "ä"]);
}

pub async fn products_come_by_units_then_revenue_then_id(store: &dyn OrderStore) {
    let sales = [
        ("PROD_4", 2, 10.0),
        ("PROD_3", 2, 10.0),
        ("PROD_2", 2, 10.01),
        ("PROD_1", 1, 99.0),
        ("PROD_5", 3, -1.0),
    ];
    let drafts = sales.map(|(product, units, dollars)| {
        let draft = Draft::at(product, NOON).product(product);
        draft.quantity(units).total(dollars)
    });
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let rows = store.top_products(ever(), 4).await.expect("products");
    let order: Vec<_> = rows.iter().map(|row| row.product_id.as_str()).collect();
    assert_eq!(order, ["PROD_5", "PROD_2", "PROD_3", "PROD_4"]);
}

pub async fn orders_of_one_instant_come_by_id(store: &dyn OrderStore) {
    let drafts = ["ORD_2", "ORD_10", "ORD_1", "ord_1"].map(|id| Draft::at(id, NOON));
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let rows = store.recent_orders(3).await.expect("orders");
    let order: Vec<_> = rows.iter().map(|row| row.order_id.as_str()).collect();
    assert_eq!(order, ["ord_1", "ORD_2", "ORD_10"]);
}

pub async fn a_product_of_several_categories_has_the_first(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("ORD_1", NOON).category("footwear"),
        Draft::at("ORD_2", NOON).category("apparel"),
        // Does not count: it was returned.
        Draft::at("ORD_3", NOON)
            .category("accessories")
            .status("returned"),
    ];
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let rows = store.top_products(ever(), 5).await.expect("products");
    assert_eq!(rows[0].category, "apparel");
}

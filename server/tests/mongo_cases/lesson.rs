//! The lesson's 500 orders, written as its Python writes them.

use app::model::{CategoryRevenue, ProductSales};
use chrono::NaiveDateTime;
use mongodb::bson::{DateTime, Document, doc};
use serde_json::{Value, json};
use server::calendar::UtcWindow;
use server::store::OrderStore;

use crate::support::agreement::{agreed, drained};
use crate::support::backend::Backend;
use crate::support::lesson::{self, NOW};
use crate::support::mongo::MongoBackend;
use crate::support::time::{at, calendar, days};

const ORDERS: &str = include_str!("../data/lesson_orders.jsonl");

/// `collection.insert_many(orders)` of pymongo: naive times are dates in UTC, floats are doubles,
/// whole numbers are 32 bits, and each document has an ObjectId.
async fn insert(backend: &MongoBackend) {
    let documents = ORDERS.lines().map(|line| {
        let order: Value = serde_json::from_str(line).expect("JSON");
        let text = |field: &str| order[field].as_str().expect("text").to_owned();
        let created_at = text("created_at");
        let created_at = NaiveDateTime::parse_from_str(&created_at, "%Y-%m-%d %H:%M:%S");
        let created_at = created_at.expect("a time").and_utc().timestamp_millis();
        doc! {
            "order_id": text("order_id"),
            "customer_id": text("customer_id"),
            "region": text("region"),
            "product_id": text("product_id"),
            "category": text("category"),
            "unit_price": order["unit_price"].as_f64().expect("a price"),
            "quantity": order["quantity"].as_i64().expect("a quantity") as i32,
            "total": order["total"].as_f64().expect("a total"),
            "status": text("status"),
            "created_at": DateTime::from_millis(created_at),
        }
    });
    let documents: Vec<Document> = documents.collect();
    let orders = backend.database.collection::<Document>("orders");
    orders.insert_many(documents).await.expect("inserted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_of_the_lessons_python_give_the_lessons_figures() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    insert(&backend).await;
    let store = &backend.store;
    let expected = lesson::expected();
    let (now, utc) = (at(NOW), calendar("UTC"));
    let month = UtcWindow::last_days(30, now);
    let week = days(utc, 7, now);

    let rows = store.category_revenue(month).await.expect("categories");
    assert_eq!(
        rows.iter().map(category).collect::<Value>(),
        expected["category_revenue"]
    );
    let counts = store.order_counts(&week).await.expect("counts");
    let days = utc.last_business_days(7, now);
    assert_eq!(
        days.iter()
            .zip(counts)
            .map(|((day, _), orders)| json!({ "day": day, "orders": orders }))
            .collect::<Value>(),
        expected["daily_orders"]
    );
    let windows = [utc.today(now), utc.yesterday_same_time(now)];
    let figures = store.figures(&windows).await.expect("figures");
    assert_eq!(
        json!({ "today": figures[0], "yesterday_same_time": figures[1] }),
        expected["today"]
    );
    let active = store.active_orders().await.expect("active orders");
    assert_eq!(json!(active), expected["active_orders"]);
    let seven = UtcWindow {
        from: week[0].from,
        to: now,
    };
    let rows = store.top_products(seven, 5).await.expect("products");
    assert_eq!(
        rows.iter().map(product).collect::<Value>(),
        expected["top_products"]
    );
    // The recent orders, the archive's lines and all the rest.
    agreed(store, &lesson::orders(), month, &week).await;
    assert!(!store.is_demonstration().await.expect("an answer"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_imported_again_is_replaced() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    insert(&backend).await;
    let store = &backend.store;
    store.upsert(lesson::orders()).await.expect("an upsert");
    assert_eq!(store.count().await.expect("a count"), 500);
    let lines = drained(store, UtcWindow::last_days(40, at(NOW))).await;
    assert_eq!(lines.len(), 500);
}

fn category(row: &CategoryRevenue) -> Value {
    json!({
        "category": row.category,
        "revenue_cents": row.revenue_cents,
        "orders": row.orders,
    })
}

fn product(row: &ProductSales) -> Value {
    json!({
        "product_id": row.product_id,
        "units": row.units,
        "revenue_cents": row.revenue_cents,
    })
}

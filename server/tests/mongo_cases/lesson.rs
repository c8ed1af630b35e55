//! The lesson's 500 orders, written as its Python writes them.

use chrono::NaiveDateTime;
use mongodb::bson::{DateTime, Document, doc};
use serde_json::Value;
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
    let now = at(NOW);
    let month = UtcWindow::last_days(30, now);
    let week = days(calendar("UTC"), 7, now);
    // The contract suite holds the oracle to the lesson's figures.
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

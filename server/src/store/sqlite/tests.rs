//! What the path of the file may be.

use std::fs;
use std::path::Path;

use app::model::Cents;
use chrono::{DateTime, TimeDelta};
use futures::TryStreamExt;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;

mod isolation;
mod plans;

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// What `open` says of something that it must not change.
async fn refusal(path: &Path) -> String {
    let before = fs::read(path).ok();
    let error = SqliteStore::open(path)
        .await
        .expect_err("should be refused");
    assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
    let message = error.to_string();
    assert_eq!(fs::read(path).ok(), before, "changed {}", path.display());
    assert!(
        message.contains(&path.display().to_string()),
        "does not name the file: {message}"
    );
    assert!(!message.contains('\n'), "more than one line: {message}");
    message
}

/// A store of a few hundred pages, closed.
async fn filled(path: &Path) {
    let store = SqliteStore::open(path).await.expect("a store");
    let start = DateTime::from_timestamp_millis(1_790_000_000_000).expect("an instant");
    let order = |number: i64| Order {
        order_id: crate::order::OrderId::Text(format!("ORD_{number:05}")),
        created_at: start + TimeDelta::seconds(number),
        status: "delivered".to_owned(),
        customer_id: "CUST_0001".to_owned(),
        region: "North".to_owned(),
        category: "footwear".to_owned(),
        product_id: "PROD_001".to_owned(),
        product_name: None,
        quantity: 1,
        total: Cents(1_000),
        document: "x".repeat(500),
    };
    store
        .upsert((0..2_000).map(order).collect())
        .await
        .expect("orders");
}

#[tokio::test]
async fn what_is_written_is_there_after_reopening() {
    let folder = folder();
    let path = folder.path().join("orders.sqlite");
    filled(&path).await;
    let store = SqliteStore::open(&path).await.expect("the store again");
    assert_eq!(store.count().await.expect("a count"), 2_000);
    assert_eq!(store.to_string(), "SQLite");
}

#[tokio::test]
async fn orders_alone_do_not_end_the_demonstration() {
    let folder = folder();
    let path = folder.path().join("orders.sqlite");
    // No other program writes this file: only adoption ends the demonstration.
    filled(&path).await;
    let store = SqliteStore::open(&path).await.expect("the store again");
    assert!(store.is_demonstration().await.expect("an answer"));
}

#[tokio::test]
async fn an_empty_file_becomes_a_store() {
    let folder = folder();
    let path = folder.path().join("empty");
    fs::write(&path, b"").expect("a file");
    let store = SqliteStore::open(&path).await.expect("a store");
    assert_eq!(store.count().await.expect("a count"), 0);
}

#[tokio::test]
async fn a_name_that_looks_like_a_uri_is_a_name() {
    let folder = folder();
    let path = folder.path().join("file:odd?mode=memory#ü");
    drop(SqliteStore::open(&path).await.expect("a store"));
    assert!(path.is_file());
}

#[tokio::test]
async fn text_is_not_a_database() {
    let folder = folder();
    let path = folder.path().join("notes.txt");
    for text in ["short", &"long ".repeat(10_000)] {
        fs::write(&path, text).expect("a file");
        let message = refusal(&path).await;
        assert!(
            message.contains("is not a database; move it away"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("other.db");
    let other = Connection::open(&path).expect("a database");
    other
        .execute_batch("CREATE TABLE orders (order_id)")
        .expect("a table");
    drop(other);
    let message = refusal(&path).await;
    assert!(
        message.contains("a database of another program"),
        "{message}"
    );
    let files = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "something was put beside the file");
}

#[tokio::test]
async fn a_newer_version_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("newer.db");
    filled(&path).await;
    let newer = Connection::open(&path).expect("a database");
    newer
        .pragma_update(None, "user_version", schema::VERSION + 1)
        .expect("a version");
    drop(newer);
    let message = refusal(&path).await;
    assert!(message.contains("comes from a newer version"), "{message}");
}

/// The orders' table and indexes as version 2 made them.
const VERSION_2: &str = "
    CREATE TABLE orders (
        order_id    TEXT NOT NULL PRIMARY KEY,
        created_at  INTEGER NOT NULL,
        status      TEXT NOT NULL,
        category    TEXT NOT NULL,
        product_id  TEXT NOT NULL,
        quantity    INTEGER NOT NULL,
        total_cents INTEGER NOT NULL,
        document    TEXT NOT NULL
    ) STRICT;
    CREATE INDEX orders_by_time ON orders (created_at, order_id, status, total_cents);
";

#[tokio::test]
async fn an_earlier_version_is_brought_up_to_date_from_its_documents() {
    let folder = folder();
    let path = folder.path().join("earlier.db");
    drop(SqliteStore::open(&path).await.expect("a store"));
    let earlier = Connection::open(&path).expect("a database");
    earlier.execute_batch("DROP TABLE orders").expect("dropped");
    earlier.execute_batch(VERSION_2).expect("tables");
    for (id, region) in [("ORD_1", r#""North""#), ("ORD_2", "19"), ("ORD_3", "null")] {
        let document = format!(
            r#"{{"order_id":"{id}","customer_id":"C\u00e4","region":{region},"product_name":"Shoe","total":1,"created_at":"1970-01-01T00:00:00Z"}}"#
        );
        let insert = "INSERT INTO orders VALUES (?1, 0, '', '', 'PROD_001', 1, 100, ?2)";
        earlier.execute(insert, [id, &document]).expect("an order");
    }
    earlier
        .pragma_update(None, "user_version", 2)
        .expect("a version");
    drop(earlier);

    let store = SqliteStore::open(&path).await.expect("the store");
    let (rules, all) = (StatusRules::default(), Filter::default());
    let window = UtcWindow {
        from: DateTime::UNIX_EPOCH,
        to: DateTime::UNIX_EPOCH + TimeDelta::days(1),
    };
    let regions = store.by(&rules, Dimension::Region, &all, window).await;
    let regions = regions.expect("regions");
    let names: Vec<_> = regions.iter().map(|group| group.value.as_str()).collect();
    assert_eq!(names, ["", "19", "North"]);
    let products = store.by(&rules, Dimension::Product, &all, window).await;
    let products = products.expect("products");
    assert_eq!(products[0].product_name.as_deref(), Some("Shoe"));
    let filter = OrderFilter {
        customer_id: "Cä".to_owned(),
        ..OrderFilter::default()
    };
    let orders = store.orders(&filter, None, 9).await.expect("orders");
    assert_eq!(orders.len(), 3);
    // Opening it again changes nothing.
    drop(store);
    SqliteStore::open(&path).await.expect("the store again");
}

#[tokio::test]
async fn damage_is_an_error_and_not_a_wrong_number() {
    let folder = folder();
    let path = folder.path().join("damaged.db");
    filled(&path).await;
    let whole = fs::read(&path).expect("the file");
    let half = whole[..whole.len() / 2].to_vec();
    let mut overwritten = whole;
    // All but the pages that hold the schema.
    overwritten[16_384 * 2..].fill(0xA5);
    let window = UtcWindow {
        from: DateTime::UNIX_EPOCH,
        to: DateTime::from_timestamp_millis(i64::from(u32::MAX) * 1_000).expect("an instant"),
    };
    for bytes in [half, overwritten] {
        fs::write(&path, &bytes).expect("the file");
        let failed = async {
            let store = SqliteStore::open(&path).await?;
            let (rules, all) = (StatusRules::default(), Filter::default());
            store.totals(&rules, &all, &[window]).await?;
            store.documents(window).await?.try_collect::<Vec<_>>().await
        };
        let message = failed.await.expect_err("should fail").to_string();
        assert!(message.contains("damaged.db is damaged"), "{message}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_file_is_named() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "text").expect("a file");
    let missing = folder.path().join("missing");
    for path in [
        folder.path(),
        &missing.join("orders.db"),
        &file.join("orders.db"),
    ] {
        let message = refusal(path).await;
        assert!(
            message.contains("cannot be written; check DATA_DIR"),
            "{message}"
        );
    }
    assert!(!missing.exists());
    assert_eq!(fs::read(&file).expect("the file"), b"text");
}

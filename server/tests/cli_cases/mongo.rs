//! Orders in MongoDB.

use futures::TryStreamExt;
use mongodb::bson::doc;
use mongodb::results::CollectionType;

use super::check::{report, table};
use crate::support::mongo_server;
use crate::support::program::Program;
use crate::support::serving::Serving;
use crate::support::shop::Shop;

const LESSON: &str = include_str!("../data/lesson_orders.jsonl");

#[tokio::test(flavor = "multi_thread")]
async fn other_orders_are_not_mixed_with_synthetic_ones_without_yes() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    let program = shop.program();
    let said = program.succeeds(&["generate"]);
    assert!(said.ends_with("; MongoDB has 500\n"), "{said}");
    shop.insert(1).await;
    let said = program.fails(&["generate", "--orders", "2500"]);
    let expected = "MongoDB has orders that are not synthetic, and adding synthetic ones would make \
                    the figures wrong: set MONGODB_URI to another server, ";
    assert!(
        said.starts_with(expected) && said.contains("--yes"),
        "{said}"
    );
    assert_eq!(shop.count().await, 501);

    let said = program.succeeds(&["generate", "--orders", "2500", "--seed", "7", "--yes"]);
    assert!(
        said.starts_with("wrote 2,500 synthetic orders from "),
        "{said}"
    );
    assert_eq!(shop.count().await, 3_001);
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn import_replaces_the_synthetic_orders() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    let program = shop.program();
    program.succeeds(&["generate"]);
    program.write("orders.jsonl", LESSON);
    assert_eq!(
        program.succeeds(&["import", "orders.jsonl"]),
        "removed 500 synthetic orders\nloaded 500 orders into MongoDB\n"
    );
    assert_eq!(
        program.succeeds(&["import", "orders.jsonl"]),
        "loaded 500 orders into MongoDB\n"
    );
    assert_eq!(shop.count().await, 500);
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_documents_are_counted() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(2).await;
    let broken = doc! { "order_id": "X", "created_at": "yesterday", "total": "much" };
    shop.orders().insert_one(broken).await.expect("an order");
    let check = report(&shop.program(), 2);
    let orders = &check["stores"][0];
    assert_eq!(
        (&orders["orders"], &orders["unreadable"]),
        (&3.into(), &1.into())
    );
    assert_eq!(orders["newest_order"], "2020-01-01T00:00:00.001+00:00");
    let table = table(&shop.program(), 2);
    assert!(
        table.contains("orders: 1 order could not be read: "),
        "{table}"
    );
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_refused() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    let view = doc! { "create": "orders", "viewOn": "all", "pipeline": [] };
    let made = shop.database.run_command(view).await;
    let is_view = doc! { "name": "orders", "type": "view" };
    let found = shop.database.list_collections().filter(is_view).await;
    let views = found.expect("an answer").try_collect::<Vec<_>>().await;
    let views = views.expect("collections");
    // mongo-java-server would create a collection.
    if made.is_err()
        || views
            .iter()
            .all(|found| found.collection_type != CollectionType::View)
    {
        println!("skipped: needs mongod");
        return shop.end().await;
    }
    let program = shop.program();
    for arguments in [&["migrate"][..], &["clean", "--drop-orders", "--yes"]] {
        let said = program.fails(arguments);
        assert!(said.contains("orders is a view"), "{said}");
    }
    let check = report(&program, 0);
    let notes = check["stores"][0]["notes"].to_string();
    assert!(notes.contains("orders is a view"), "{check}");
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_are_there_twice_are_counted_and_not_added_to() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(5).await;
    shop.insert(5).await;
    let program = shop.program();
    let check = program.run(&["check"]).stdout;
    let note = "orders: 5 orders are there more than once, and figures count every copy";
    assert!(check.contains(note), "{check}");
    let order = r#"{"order_id":"A1","created_at":"2020-05-04T10:00:00Z","total":1}"#;
    program.write("orders.jsonl", order);
    let said = program.fails(&["import", "orders.jsonl"]);
    assert!(
        said.contains("several documents have the same order_id"),
        "{said}"
    );
    assert_eq!(shop.count().await, 10);
    shop.end().await;
}

#[test]
fn a_wrong_password_or_tls_setting_names_the_variable() {
    let Some(uri) = mongo_server::uri() else {
        return;
    };
    let (_, server) = uri.split_once("://").expect("a scheme");
    let server = server.split(['/', '?']).next().expect("a host");
    let server = server.rsplit('@').next().expect("a host");
    for (uri, part) in [
        (format!("mongodb://u:hunter2@{server}"), "the login in"),
        (
            format!("mongodb://u:hunter2@{server}/?tls=true"),
            "MONGODB_URI",
        ),
    ] {
        let program = Program::new().with("MONGODB_URI", &uri);
        let check = report(&program, 1);
        let orders = &check["stores"][0];
        let note = orders["notes"][0].as_str().expect("a note");
        assert_eq!(orders["up"], false);
        assert!(
            note.contains("MONGODB_URI") && note.contains(part),
            "{note}"
        );
        assert!(!check.to_string().contains("hunter2"), "{check}");
        for arguments in [&["migrate"][..], &["generate"], &["clean", "--drop-orders"]] {
            let said = program.fails(arguments);
            assert!(
                said.contains("MONGODB_URI") && !said.contains("hunter2"),
                "{said}"
            );
        }
    }
}

#[test]
fn the_server_starts_while_mongodb_and_redis_are_down() {
    let program = Program::new()
        .with("MONGODB_URI", "mongodb://127.0.0.1:1")
        .with("REDIS_HOST", "127.0.0.1")
        .with("REDIS_PORT", "1");
    let server = Serving::start(&program, &[]);
    let live = server.get("/health/live");
    assert!(live.starts_with("HTTP/1.1 200 OK\r\n"), "{live}");
    assert_eq!(server.stop().code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_adds_no_synthetic_orders_to_mongodb() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    let server = Serving::start(&shop.program(), &[]);
    let page = server.get("/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert_eq!(server.stop().code, Some(0));
    assert_eq!(shop.count().await, 0);
    shop.end().await;
}

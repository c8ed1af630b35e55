//! Orders in MongoDB.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mongodb::bson::{DateTime, Document, doc};
use mongodb::{Client, Collection, Database};

use super::check::report;
use crate::support::mongo_server;
use crate::support::program::Program;
use crate::support::serving::Serving;

const LESSON: &str = include_str!("../data/lesson_orders.jsonl");

/// The one database that the program knows, empty, for one test at a time.
struct Shop {
    uri: &'static str,
    database: Database,
    _alone: MutexGuard<'static, ()>,
}

impl Shop {
    async fn empty() -> Option<Self> {
        static ALONE: Mutex<()> = Mutex::new(());

        let uri = mongo_server::uri()?;
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let client = Client::with_uri_str(uri).await.expect("a client");
        let database = client.database("shopstream");
        let collections = database.list_collection_names().await.expect("an answer");
        if std::env::var_os("TEST_MONGODB_URI").is_some() && !collections.is_empty() {
            panic!("TEST_MONGODB_URI has a database shopstream, which these tests would drop");
        }
        database.drop().await.expect("an empty database");
        Some(Self {
            uri,
            database,
            _alone: alone,
        })
    }

    fn program(&self) -> Program {
        Program::new().with("MONGODB_URI", self.uri)
    }

    fn orders(&self) -> Collection<Document> {
        self.database.collection("orders")
    }

    /// Orders of another program.
    async fn insert(&self, orders: u32) {
        let orders = (0..orders).map(|number| {
            doc! {
                "order_id": format!("O{number}"),
                "created_at": DateTime::from_millis(1_577_836_800_000 + i64::from(number)),
                "total": 10.5,
            }
        });
        self.orders().insert_many(orders).await.expect("orders");
    }

    async fn count(&self) -> u64 {
        self.orders()
            .count_documents(doc! {})
            .await
            .expect("a number")
    }

    async fn indexes(&self) -> usize {
        self.orders()
            .list_index_names()
            .await
            .map_or(0, |names| names.len())
    }

    /// Leaves nothing on the server.
    async fn end(self) {
        self.database.drop().await.expect("an empty database");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_says_what_it_would_do_and_does_it_once() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(3).await;
    let program = shop.program();
    let said = program.succeeds(&["migrate"]);
    assert!(
        said.starts_with("would make 5 indexes in mongodb://"),
        "{said}"
    );
    assert!(
        said.contains("after 35 days: 3 orders would expire at once\n"),
        "{said}"
    );
    assert!(
        said.ends_with("nothing was changed: add --yes to do it\n"),
        "{said}"
    );
    assert_eq!(shop.indexes().await, 1);
    let check = report(&program, 0);
    let missing = check["stores"][0]["missing_indexes"].as_array();
    assert_eq!(missing.map(Vec::len), Some(5), "{check}");
    let table = program.succeeds(&["check"]);
    assert!(
        table.contains("orders: missing indexes: created_at_1, "),
        "{table}"
    );
    assert!(table.contains("; run server migrate\n"), "{table}");

    let said = program.succeeds(&["migrate", "--yes"]);
    assert!(said.starts_with("made 5 indexes in mongodb://"), "{said}");
    assert_eq!(shop.indexes().await, 6);
    for arguments in [&["migrate", "--yes"][..], &["migrate"]] {
        let said = program.succeeds(arguments);
        assert!(said.starts_with("nothing to migrate: mongodb://"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert_eq!(shop.indexes().await, 6);
    // Nothing is made for it.
    let program = shop.program();
    program.succeeds(&["migrate"]);
    assert!(!program.data().exists());
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn order_ids_that_are_not_unique_have_to_be_put_right_first() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(2).await;
    shop.insert(2).await;
    let ended = shop.program().run(&["migrate", "--yes"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.starts_with("made 4 indexes in "), "{ended:?}");
    assert_eq!(
        ended.stderr,
        "server: order_id is not unique: 2 values in several documents; remove all but one of \
         each and migrate again\n"
    );
    shop.end().await;
}

#[test]
fn the_embedded_store_has_nothing_to_migrate() {
    let program = Program::new();
    let said = program.succeeds(&["migrate", "--yes"]);
    assert_eq!(
        said,
        "nothing to migrate: the embedded store keeps its own schema\n"
    );
    assert!(!program.data().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_others_are_left_alone_without_yes() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    let program = shop.program();
    let said = program.succeeds(&["generate"]);
    assert!(said.ends_with("; MongoDB holds 500\n"), "{said}");
    shop.insert(1).await;
    let said = program.fails(&["generate", "--orders", "2500"]);
    let expected = "MongoDB holds orders that are not synthetic, and mixing them with synthetic \
                    ones would give wrong numbers: set MONGODB_URI to another server, ";
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
async fn the_collection_is_dropped_only_with_yes() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(3).await;
    let program = shop.program();
    let ended = program.run(&["clean", "--drop-orders"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let expected = "would drop the collection orders with 3 orders of mongodb://";
    assert!(ended.stdout.starts_with(expected), "{ended:?}");
    assert_eq!(ended.stdout.lines().count(), 1, "{ended:?}");
    assert_eq!(shop.count().await, 3);
    // Without the flag nothing is said of it.
    let said = program.succeeds(&["clean"]);
    assert!(said.starts_with("nothing to clean: "), "{said}");
    assert_eq!(shop.count().await, 3);

    let said = program.succeeds(&["clean", "--drop-orders", "--yes"]);
    assert!(
        said.starts_with("dropped the collection orders with 3 orders of "),
        "{said}"
    );
    let left = shop.database.list_collection_names().await.expect("names");
    assert!(!left.contains(&"orders".to_owned()), "{left:?}");
    // As new: also an import before is forgotten.
    program.write("orders.jsonl", LESSON);
    program.succeeds(&["import", "orders.jsonl"]);
    program.succeeds(&["clean", "--drop-orders", "--yes"]);
    program.succeeds(&["generate"]);
    shop.end().await;
}

#[test]
fn the_embedded_file_is_to_be_removed_by_hand() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    for arguments in [
        &["clean", "--drop-orders"][..],
        &["clean", "--drop-orders", "--yes"],
    ] {
        let said = program.fails(arguments);
        assert!(
            said.contains("shopstream.sqlite3") && said.contains("by hand"),
            "{said}"
        );
    }
    assert!(program.database().is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_counted() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(2).await;
    let broken = doc! { "order_id": "X", "created_at": "yesterday", "total": "much" };
    shop.orders().insert_one(broken).await.expect("an order");
    let check = report(&shop.program(), 0);
    let orders = &check["stores"][0];
    assert_eq!(
        (&orders["orders"], &orders["unreadable"]),
        (&3.into(), &1.into())
    );
    assert_eq!(orders["newest_order"], "2020-01-01T00:00:00.001+00:00");
    let table = shop.program().succeeds(&["check"]);
    assert!(
        table.contains("orders: 1 order could not be read: "),
        "{table}"
    );
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_no_collection() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    let view = doc! { "create": "orders", "viewOn": "all", "pipeline": [] };
    if let Err(error) = shop.database.run_command(view).await {
        println!("skipped: needs mongod, for a view: {error}");
        return;
    }
    let program = shop.program();
    for arguments in [&["migrate"][..], &["clean", "--drop-orders", "--yes"]] {
        let said = program.fails(arguments);
        assert!(said.contains("orders is a view"), "{said}");
    }
    let check = report(&program, 1);
    let notes = check["stores"][0]["notes"].to_string();
    assert!(notes.contains("orders is a view"), "{check}");
    shop.end().await;
}

#[test]
fn a_password_or_tls_that_is_wrong_names_the_variable() {
    let Some(uri) = mongo_server::uri() else {
        return;
    };
    let (_, server) = uri.split_once("://").expect("a scheme");
    let server = server.split(['/', '?']).next().expect("a host");
    let server = server.rsplit('@').next().expect("a host");
    for (uri, part) in [
        (format!("mongodb://u:hunter2@{server}"), "password"),
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
fn the_server_starts_while_mongodb_and_redis_are_away() {
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
async fn a_server_never_fills_mongodb() {
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

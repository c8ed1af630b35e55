//! Archives of orders in MongoDB.

use std::fs;
use std::thread;

use app::model::ArchiveRun;
use futures::TryStreamExt;
use mongodb::bson::{DateTime, Document, doc};
use serde_json::Value;

use crate::support::serving::Serving;
use crate::support::shop::Shop;

const JANUARY: [&str; 4] = ["archive", "--month", "2020-01", "--json"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_and_lease_are_kept_beside_the_orders() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(5).await;
    let program = shop.program();
    let said = program.succeeds(&JANUARY);
    let run: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&run["state"], &run["orders"]),
        (&"succeeded".into(), &5.into())
    );
    let run_id = run["run_id"].as_str().expect("a run");
    assert!(!program.database().exists());
    let runs = shop.database.collection::<Document>("archive_runs");
    let recorded = runs
        .find_one(doc! { "_id": run_id })
        .await
        .expect("an answer");
    let recorded = recorded.expect("a run");
    assert!(!recorded.get_bool("active").expect("a flag"));
    assert_eq!(recorded.get_str("month").expect("text"), "2020-01");
    let notes = shop.database.collection::<Document>("dashboard");
    let lease = notes.find_one(doc! { "_id": "archive_lease" }).await;
    assert_eq!(lease.expect("an answer"), None);

    // Another folder, as on another machine, without the archive itself.
    let elsewhere = shop.program();
    let ended = elsewhere.run(&["verify", run_id, "--json"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("\"missing\""), "{ended:?}");
    program.succeeds(&["verify", "--all"]);
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_nobody_can_read_is_archived_and_said() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(5).await;
    let order = doc! {
        "order_id": "WITHOUT",
        "created_at": DateTime::from_millis(1_577_836_900_000),
    };
    shop.orders().insert_one(order).await.expect("an order");
    let program = shop.program();
    let said = program.succeeds(&JANUARY);
    let run: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&run["state"], &run["orders"], &run["unreadable"]),
        (&"succeeded".into(), &6.into(), &1.into())
    );
    assert_eq!(run["unreadable_first"], serde_json::json!(["WITHOUT"]));
    let archive = program
        .data()
        .join("archive/shopstream/orders/2020/01/31/orders_export.jsonl");
    let lines = fs::read_to_string(archive).expect("an archive");
    assert_eq!(lines.lines().count(), 6);
    let line = r#"{"order_id":"WITHOUT","created_at":"2020-01-01T00:01:40Z"}"#;
    assert!(lines.lines().any(|found| found == line), "{lines}");

    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_machines_lease_is_respected_until_it_expires() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(5).await;
    let program = shop.program();
    let notes = shop.database.collection::<Document>("dashboard");
    let lease = |until: i64| {
        let until = DateTime::from_millis(until);
        doc! { "run_id": "01JD8Q0Z3W6K5T9V2N4R7X1B8C", "process": "elsewhere", "until": until }
    };
    let mut held = lease(i64::from(u32::MAX) * 2_000);
    held.insert("_id", "archive_lease");
    notes.insert_one(held).await.expect("a lease");
    let ended = program.run(&JANUARY);
    // Nothing is recorded of that run yet, so that it cannot be joined.
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(3), ""),
        "{ended:?}"
    );
    let expired = doc! { "$set": lease(1) };
    let update = notes.update_one(doc! { "_id": "archive_lease" }, expired);
    update.await.expect("an expiry");
    program.succeeds(&JANUARY);
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_are_pressed_at_once_make_one_run_each_time() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(2_000).await;
    let programs = [shop.program(), shop.program()];
    let servers = programs
        .each_ref()
        .map(|program| Serving::start(program, &[]));
    let answers: Vec<String> = thread::scope(|scope| {
        let press = |server| {
            scope.spawn(move || Serving::post(server, "/api/archive_start", "month=2020-01"))
        };
        let presses = servers.each_ref().map(press);
        presses
            .map(|press| press.join().expect("an answer"))
            .to_vec()
    });
    assert!(
        answers
            .iter()
            .all(|said| said.starts_with("HTTP/1.1 200 OK")),
        "{answers:?}"
    );
    for server in servers {
        assert_eq!(server.stop().code, Some(0));
    }
    let runs = shop.database.collection::<Document>("archive_runs");
    let active = runs.count_documents(doc! { "active": true }).await;
    assert_eq!(active.expect("a number"), 0);
    // Two where the second was pressed after the first had ended, but never two at once.
    let recorded = runs.find(doc! {}).await.expect("an answer");
    let recorded: Vec<Document> = recorded.try_collect().await.expect("runs");
    let run = |recorded: &Document| {
        let json = recorded.get_str("run").expect("a run");
        serde_json::from_str::<ArchiveRun>(json).expect("a run")
    };
    let mut times: Vec<_> = recorded
        .iter()
        .map(run)
        .map(|run| {
            let finished = run.finished_at.expect("an end");
            (run.started_at.utc(), finished.utc())
        })
        .collect();
    times.sort_unstable();
    assert!(!times.is_empty());
    assert!(
        times.windows(2).all(|runs| runs[0].1 <= runs[1].0),
        "{times:?}"
    );
    shop.end().await;
}

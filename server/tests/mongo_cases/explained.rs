//! What a metric reads, as the server's profiler says. Only MongoDB itself has one.

use app::model::Filter;
use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use server::calendar::UtcWindow;
use server::store::{Dimension, OrderStore, StatusRules};

use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::oracle;
use crate::support::random;
use crate::support::reads::{active, by, newest, totals};
use crate::support::time::{at, calendar, days};

/// Whether the server is MongoDB itself: mongo-java-server explains nothing.
pub(super) async fn is_mongod(backend: &MongoBackend) -> bool {
    let command = doc! { "explain": { "find": "orders" }, "verbosity": "queryPlanner" };
    let plan = backend.database.run_command(command).await;
    plan.is_ok_and(|plan| plan.contains_key("queryPlanner"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_metric_reads_more_documents_than_its_window_holds() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    if !is_mongod(&backend).await {
        println!("needs mongod: how many documents each metric reads of 100,000");
        return;
    }
    let now = at("2026-11-22T10:37:21.500Z");
    let orders = random::orders(100_000, 42, now);
    let store = &backend.store;
    store.upsert(orders.clone()).await.expect("an upsert");
    let month = UtcWindow::last_days(30, now);
    let week = days(calendar("UTC"), 7, now);
    let seven = UtcWindow {
        from: week[0].from,
        to: now,
    };

    let utc = calendar("UTC");
    let card = [utc.today(now), utc.same_time_days_ago(1, now)];

    let profile = backend.database.run_command(doc! { "profile": 2 });
    profile.await.expect("a profile");
    by(store, Dimension::Category, month).await;
    by(store, Dimension::Region, month).await;
    totals(store, &week).await;
    totals(store, &card).await;
    active(store).await;
    by(store, Dimension::Product, seven).await;
    newest(store, 5).await;
    store.oldest().await.expect("the oldest");
    let profile = backend.database.run_command(doc! { "profile": 0 });
    profile.await.expect("an end");

    let (rules, all) = (StatusRules::default(), Filter::default());
    let within = |window| oracle::totals(&orders, &rules, &all, window).orders;
    let active = oracle::active(&orders, &all, now);
    let most = [
        within(month),
        within(month),
        within(seven),
        within(card[0]) + within(card[1]),
        active.pending + active.shipped,
        within(seven),
        100,
        100,
    ];
    let calls = backend.database.collection::<Document>("system.profile");
    let calls = calls.find(doc! { "command.aggregate": "orders" });
    let calls = calls.sort(doc! { "ts": 1 }).await.expect("calls");
    let calls: Vec<_> = calls.try_collect().await.expect("calls");
    assert_eq!(calls.len(), most.len());
    for (call, most) in calls.iter().zip(most) {
        let examined = match call.get("docsExamined") {
            Some(Bson::Int32(examined)) => u64::from(examined.unsigned_abs()),
            Some(Bson::Int64(examined)) => examined.unsigned_abs(),
            other => panic!("{other:?} documents examined"),
        };
        assert!(examined <= most, "{examined} of {most}: {call}");
        let plan = call.get_str("planSummary").expect("a plan");
        assert!(plan.contains("IXSCAN"), "{plan}: {call}");
    }
}

//! One server: orders are written, answers are recomputed, and then it is told.

use std::time::Duration;

use app::model::{Filter, Panel, Source};
use app::ports::{Dashboard, Read};
use server::cache::{Cache, Entry};
use server::dashboard::Listener;
use server::store::OrderStore;
use tokio::time::timeout;

use crate::support::draft::Draft;
use crate::support::lesson;
use crate::support::stage::Stage;

/// How long anything may take on a machine that has other things to do. `make bench-live` measures.
const SOON: Duration = Duration::from_secs(30);

async fn stage() -> Stage {
    Stage::open("UTC", lesson::NOW, lesson::orders()).await
}

/// A listener that has been told what is there; the first one begins the recomputation.
async fn listener(stage: &Stage) -> Listener {
    let mut listener = stage.assembly.live.listen().await.expect("a listener");
    while stage.cache.get(&server::cache::Key::live()).await.is_none() {
        timeout(SOON, listener.changed())
            .await
            .expect("a version")
            .expect("a server");
    }
    listener.borrow_and_update();
    listener
}

async fn told(listener: &mut Listener) {
    timeout(SOON, listener.changed())
        .await
        .expect("a version")
        .expect("a server");
}

/// Pending orders, and where the answer came from.
async fn pending(stage: &Stage) -> (u64, Source) {
    let all = Filter::default();
    let active = stage.dashboard.active_orders(&all, Read::Cached).await;
    let active = active.expect("active orders");
    (active.data.pending, active.source)
}

fn new_order(id: &str) -> Draft {
    Draft::at(id, "2026-11-22T10:30:00Z").status("pending")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_of_another_program_is_on_the_page_that_is_then_loaded() {
    let stage = stage().await;
    let mut listener = listener(&stage).await;
    let (before, _) = pending(&stage).await;
    for number in 1..=2 {
        stage
            .add(vec![new_order(&format!("NEW_{number}")).order()])
            .await;
        // One recomputation writes several answers, which may be told one after the other.
        while pending(&stage).await.0 != before + number {
            told(&mut listener).await;
        }
        assert_eq!(pending(&stage).await, (before + number, Source::Cache));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_order_is_told_too() {
    let stage = stage().await;
    let mut listener = listener(&stage).await;
    stage.add(vec![new_order("NEW").order()]).await;
    let (with, _) = loop {
        told(&mut listener).await;
        let pending = pending(&stage).await;
        if stage.store.calls("active") > 1 {
            break pending;
        }
    };
    stage
        .add(vec![new_order("NEW").status("shipped").order()])
        .await;
    while pending(&stage).await.0 != with - 1 {
        told(&mut listener).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_goes_backwards_is_a_change() {
    let stage = stage().await;
    let mut listener = listener(&stage).await;
    let computed = stage.store.calls("active");
    // As in a backup that is put back: fewer writes, other orders.
    let file = stage.database();
    let connection = rusqlite::Connection::open(file).expect("a connection");
    connection
        .execute_batch("UPDATE meta SET value = '1' WHERE key = 'writes'; DELETE FROM orders;")
        .expect("a backup");
    while pending(&stage).await.0 != 0 {
        told(&mut listener).await;
    }
    assert_eq!(stage.store.calls("active"), computed + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_another_program_rewrites_is_told() {
    let stage = stage().await;
    let mut listener = listener(&stage).await;
    let key = Panel::CategoryRevenue.into();
    let Entry { rows, meta } = stage.cache.get(&key).await.expect("an entry");
    let other = rows.replace("accessories", "bicycles");
    stage.cache.put(&key, Entry { rows: other, meta }).await;
    told(&mut listener).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refreshing_and_archiving_are_told() {
    let stage = stage().await;
    let mut listener = listener(&stage).await;
    // The clock stands still: only what is new differs.
    stage.clock.advance(chrono::TimeDelta::seconds(1));
    stage.dashboard.refresh(None).await.expect("a report");
    told(&mut listener).await;
    let archive = &stage.assembly.job;
    let month = "2026-10".parse().expect("a month");
    app::ports::Archive::start(archive, Some(month))
        .await
        .expect("a run");
    loop {
        told(&mut listener).await;
        let status = app::ports::Archive::status(archive)
            .await
            .expect("a status");
        if status.runs.first().is_some_and(|run| run.published) {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_listeners_cost_the_store_what_one_costs() {
    let stage = stage().await;
    let mut first = listener(&stage).await;
    let mut listeners = Vec::new();
    for _ in 1..500 {
        listeners.push(stage.assembly.live.listen().await.expect("a listener"));
    }
    assert!(stage.assembly.live.listen().await.is_none());
    let reads = |stage: &Stage| {
        ["active", "by_category", "by_product", "orders"].map(|read| stage.store.calls(read))
    };
    let before = reads(&stage);
    stage.add(vec![new_order("NEW").order()]).await;
    told(&mut first).await;
    for listener in &mut listeners {
        told(listener).await;
    }
    assert_eq!(reads(&stage), before.map(|calls| calls + 1));
    // Whoever leaves makes room.
    listeners.truncate(10);
    assert!(stage.assembly.live.listen().await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nobody_listens_the_store_is_left_alone() {
    let stage = stage().await;
    assert_eq!(stage.store.calls("change_token"), 0);
    drop(listener(&stage).await);
    // The last question may be under way.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let asked = stage.store.calls("change_token");
    assert!(asked > 0);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(stage.store.calls("change_token"), asked);
    // And it goes on for the next one.
    let mut listener = listener(&stage).await;
    stage.add(vec![new_order("NEW").order()]).await;
    told(&mut listener).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_does_not_answer_is_told_and_asked_again() {
    let stage = stage().await;
    let mut listener = listener(&stage).await;
    let (before, _) = pending(&stage).await;
    stage.store.fail(&["ping", "change_token", "active"]);
    told(&mut listener).await;
    stage.add(vec![new_order("NEW").order()]).await;
    stage.store.fail(&[]);
    while pending(&stage).await.0 != before + 1 {
        told(&mut listener).await;
    }
    assert!(stage.sqlite.count().await.expect("a count") > 0);
}

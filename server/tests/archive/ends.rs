//! Runs that are joined, and runs that are ended from outside.

use std::sync::Arc;
use std::time::Duration;

use app::api::ErrorKind;
use app::model::{ArchiveRun, RunState};
use app::ports::Archive;
use futures::future;
use server::archive::{ArchiveJob, ArchiveParts};
use server::order::Order;
use server::store::OrderStore;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::faulty_objects::{DATED, Fault, OWN, RECEIPT, RUN_INFO as RUN_INFO_};
use crate::faulty_store::{self, FaultyStore};
use crate::{NOVEMBER, RUN_INFO, Shop, archive, job, month, runs, until};

/// A job whose runs wait in the middle until the semaphore has a permit.
async fn waiting(shop: &Shop) -> (ArchiveJob, Arc<Semaphore>, CancellationToken) {
    let parts = shop.parts();
    let cancel = parts.cancel.clone();
    let (job, permits) = waits(shop, parts).await;
    (job, permits, cancel)
}

/// The same of these parts.
pub async fn waits(shop: &Shop, mut parts: ArchiveParts) -> (ArchiveJob, Arc<Semaphore>) {
    let permits = Arc::new(Semaphore::new(0));
    let fault = faulty_store::Fault::Wait(100, permits.clone());
    let store = shop.store.clone();
    parts.store = Arc::new(FaultyStore { store, fault });
    (job(parts).await, permits)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_start_joins_the_running_one() {
    let shop = Shop::open().await;
    let (job, permits, _) = waiting(&shop).await;
    let started = future::try_join_all((0..10).map(|_| job.start(None))).await;
    let started = started.expect("runs");
    assert!(started.iter().all(|run| run.run_id == started[0].run_id));
    // Whatever its month.
    let joined = job.start(Some(month("2026-10"))).await.expect("a run");
    assert_eq!(joined.run_id, started[0].run_id);
    let status = job.status().await.expect("a status");
    assert_eq!(status.current.expect("a run").run_id, joined.run_id);
    assert_eq!(status.runs, []);

    permits.add_permits(1);
    let ended = archive(&job, None).await;
    assert_eq!(
        (&ended.run_id, ended.state),
        (&joined.run_id, RunState::Succeeded)
    );
    let status = job.status().await.expect("a status");
    assert_eq!((status.current, status.runs), (None, vec![ended]));
}

#[tokio::test]
async fn a_start_that_nobody_waits_for_goes_on() {
    let shop = Shop::open().await;
    let (job, permits, _) = waiting(&shop).await;
    job.start(None).await.expect("a run");
    permits.add_permits(1);
    until(&job, |run| run.state == RunState::Succeeded).await;
    assert!(shop.object(NOVEMBER).is_some());
}

#[tokio::test]
async fn progress_is_seen_and_ends_with_the_run() {
    let shop = Shop::open().await;
    let mut seen = Vec::new();
    let job = shop.job().await;
    let run = job.start(None).await.expect("a run");
    let ended = job.follow(run, |run| seen.push((run.state, run.orders)));
    let ended = ended.await.expect("a run");
    assert_eq!(seen[0], (RunState::Running, 0));
    assert!(seen.is_sorted_by_key(|(_, orders)| *orders));
    assert_eq!(ended.state, RunState::Succeeded);
}

#[tokio::test]
async fn the_expected_orders_are_counted_before_the_export() {
    let shop = Shop::open().await;
    let (job, permits, _) = waiting(&shop).await;
    let run = job.start(None).await.expect("a run");
    until(&job, |run| {
        run.orders > 0 && run.expected > Some(run.orders)
    })
    .await;
    permits.add_permits(1);
    let ended = job.follow(run, |_| {}).await.expect("a run");
    assert_eq!(ended.expected, Some(ended.orders));
}

#[tokio::test]
async fn stopping_interrupts_the_run_and_leaves_nothing() {
    let shop = Shop::open().await;
    let earlier = archive(&shop.job().await, None).await;
    let before = shop.names();
    let info = shop.object(RUN_INFO);
    let (job, _permits, _) = waiting(&shop).await;
    job.start(None).await.expect("a run");
    job.stop().await;
    let runs = runs(&job).await;
    assert_eq!((runs[0].state, &runs[1]), (RunState::Interrupted, &earlier));
    assert!(runs[0].finished_at.is_some() && runs[0].error.is_some());
    assert_eq!((shop.names(), shop.object(RUN_INFO)), (before, info));
    let refused = job.start(None).await.expect_err("a refusal");
    assert_eq!(refused.kind, ErrorKind::Unavailable);
}

#[tokio::test]
async fn the_servers_cancellation_ends_the_run() {
    let shop = Shop::open().await;
    let (job, _permits, cancel) = waiting(&shop).await;
    let (ended, ()) = tokio::join!(archive(&job, None), async {
        until(&job, |run| run.state == RunState::Running).await;
        cancel.cancel();
    });
    assert_eq!(ended.state, RunState::Interrupted);
    assert_eq!(shop.names(), Vec::<String>::new());
}

#[tokio::test]
async fn a_store_that_hangs_does_not_hold_up_the_end() {
    for part in [OWN, RECEIPT, DATED, RUN_INFO_] {
        for fault in [Fault::Hang(part), Fault::HangAfter(part)] {
            let shop = Shop::open().await;
            let stored = matches!(fault, Fault::HangAfter(_));
            let job = job(shop.faulty(fault)).await;
            let run = job.start(None).await.expect("a run");
            let ready = |run: &ArchiveRun| match part {
                OWN => run.crc32c.is_some() || run.orders > 0,
                _ => run.state == RunState::Verifying,
            };
            until(&job, ready).await;
            while stored && !shop.names().iter().any(|name| name.contains(part)) {
                tokio::task::yield_now().await;
            }
            let stopped = timeout(Duration::from_secs(10), job.stop()).await;
            assert!(stopped.is_ok(), "{part}");
            shop.is_true();
            // The next start decides by the receipt.
            let has_receipt = shop.receipt(&run.run_id).is_some();
            let decided = &runs(&shop.job().await).await[0];
            let state = match has_receipt {
                true => RunState::Succeeded,
                false => RunState::Interrupted,
            };
            assert_eq!((decided.state, decided.published), (state, has_receipt));
            shop.is_true();
        }
    }
}

#[tokio::test]
async fn orders_that_arrive_meanwhile_belong_to_the_next_run() {
    let shop = Shop::open().await;
    // More than a reader holds at once.
    let note = "x".repeat(1_000);
    let orders = (0..8_000).map(|number| order(&format!("N{number:04}"), 10, &note));
    let written = shop.store.upsert(orders.collect()).await;
    written.expect("a write");
    let before = shop.lines("2026-11", "UTC").await;

    let (job, permits, _) = waiting(&shop).await;
    let run = job.start(None).await.expect("a run");
    until(&job, |run| run.orders > 0).await;
    let late = vec![order("N0001", 20, ""), order("LATE", 20, "")];
    shop.store.upsert(late).await.expect("a write");
    permits.add_permits(1);
    let ended = job.follow(run, |_| {}).await.expect("a run");
    assert_eq!(ended.state, RunState::Succeeded, "{:?}", ended.error);
    assert!(shop.object(NOVEMBER).as_deref() == Some(before.as_str()));

    let after = shop.lines("2026-11", "UTC").await;
    assert_ne!(after.len(), before.len());
    archive(&shop.job().await, None).await;
    assert!(shop.object(NOVEMBER).as_deref() == Some(after.as_str()));
}

fn order(id: &str, day: u32, note: &str) -> Order {
    let line = format!(
        r#"{{"order_id":"{id}","created_at":"2026-11-{day}T12:00:00Z","total":1,"note":"{note}"}}"#
    );
    Order::from_json(&line).expect("an order")
}

//! Two processes on one order store, and what becomes of a run whose lease is gone.

use std::sync::Arc;

use app::model::RunState;
use app::ports::Archive;
use chrono::TimeDelta;
use server::archive::{ArchiveJob, Begun};
use server::store::{LeaseStore, RunLog};

use crate::clock::SetClock;
use crate::ends::waits;
use crate::faulty_objects::{DATED, Fault, OWN, RECEIPT, RUN_INFO as RUN_INFO_};
use crate::{NOVEMBER, RUN_INFO, Shop, archive, job, month, now, runs, until};

/// Longer than any lease.
const LONG: TimeDelta = TimeDelta::minutes(1);

fn clock() -> Arc<SetClock> {
    Arc::new(SetClock::new(now()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_are_pressed_at_once_make_one_run() {
    let shop = Shop::open().await;
    let clock = clock();
    let mut replicas = Vec::new();
    for _ in 0..4 {
        replicas.push(waits(&shop, shop.parts_at(&clock)).await);
    }
    let presses = replicas.iter().map(|(job, _)| pressed(job));
    let begun = futures::future::join_all(presses).await;
    let own = begun.iter().filter(|begun| matches!(begun, Begun::Own(_)));
    assert_eq!(own.count(), 1, "{begun:?}");
    let ids: Vec<String> = begun
        .into_iter()
        .map(|begun| begun.run().expect("a run").run_id)
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");

    // Everybody sees it, and it ends for everybody.
    for (job, permits) in &replicas {
        let status = job.status().await.expect("a status");
        assert_eq!(status.current.expect("a run").run_id, ids[0]);
        assert_eq!(status.runs, []);
        permits.add_permits(1);
    }
    for (job, _) in &replicas {
        let mut runs = Vec::new();
        while runs.is_empty() {
            runs = self::runs(job).await;
            tokio::task::yield_now().await;
        }
        assert_eq!((runs.len(), runs[0].state), (1, RunState::Succeeded));
        assert_eq!(runs[0].run_id, ids[0]);
    }
    assert_eq!(shop.store.current().await.expect("an answer"), None);
}

/// Presses until there is a run: on a busy machine it may not be recorded in the time that a press
/// waits for it.
async fn pressed(job: &ArchiveJob) -> Begun {
    loop {
        match job.begin(None).await.expect("an answer") {
            Begun::Busy => {}
            begun => return begun,
        }
    }
}

#[tokio::test]
async fn a_run_that_has_lost_its_lease_publishes_nothing() {
    let shop = Shop::open().await;
    let (slow, quick) = (clock(), clock());
    let (job_, permits) = waits(&shop, shop.parts_at(&slow)).await;
    let lost = job_.start(None).await.expect("a run");
    until(&job_, |run| run.orders > 0).await;

    // Its renewals do not come through, and another process takes over.
    quick.advance(LONG);
    let other = job(shop.parts_at(&quick)).await;
    let run = archive(&other, None).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    let before = (shop.object(NOVEMBER), shop.object(RUN_INFO));
    let logged = runs(&other).await;
    assert_eq!(
        (&logged[0].run_id, &logged[1].run_id),
        (&run.run_id, &lost.run_id)
    );
    assert_eq!(logged[1].state, RunState::Interrupted);

    // It finds out before it publishes; its receipt is true all the same.
    permits.add_permits(1);
    let ended = job_.follow(lost.clone(), |_| {}).await.expect("a run");
    assert_eq!(ended.state, RunState::Interrupted);
    assert_eq!((shop.object(NOVEMBER), shop.object(RUN_INFO)), before);
    assert!(shop.receipt(&lost.run_id).is_some());
    assert!(shop.receipt(&run.run_id).is_some());
    shop.is_true();
}

#[tokio::test]
async fn a_lease_that_is_lost_at_any_step_leaves_what_is_true() {
    for part in [OWN, RECEIPT, DATED, RUN_INFO_] {
        let shop = Shop::open().await;
        let parts = shop.faulty(Fault::LoseLease(part, shop.store.clone()));
        let losing = job(parts).await;
        let run = archive(&losing, None).await;
        losing.stop().await;
        shop.is_true();

        let other = shop.job().await;
        let ended = &runs(&other).await[0];
        assert_eq!(
            (&ended.run_id, ended.state, ended.published),
            (&run.run_id, RunState::Succeeded, true),
            "{part}"
        );
        assert_eq!(shop.run_info().await["run_id"], run.run_id);
        shop.is_true();
    }
}

#[tokio::test]
async fn a_run_elsewhere_is_not_ended_by_a_start() {
    let shop = Shop::open().await;
    let clock = clock();
    let (first, permits) = waits(&shop, shop.parts_at(&clock)).await;
    let run = first.start(Some(month("2026-10"))).await.expect("a run");
    until(&first, |run| run.state == RunState::Running).await;
    while shop
        .store
        .find(&run.run_id)
        .await
        .expect("an answer")
        .is_none()
    {
        tokio::task::yield_now().await;
    }
    let second = job(shop.parts_at(&clock)).await;
    let status = second.status().await.expect("a status");
    assert_eq!(
        status.current.map(|run| run.run_id),
        Some(run.run_id.clone())
    );
    permits.add_permits(1);
    let ended = second.follow(run, |_| {}).await.expect("a run");
    assert_eq!(ended.state, RunState::Succeeded, "{:?}", ended.error);
}

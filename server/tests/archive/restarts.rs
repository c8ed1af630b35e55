//! What a new process makes of runs that another has left.

use std::sync::Arc;
use std::time::Duration;

use app::model::{ArchiveRun, RunState};
use chrono::TimeDelta;
use futures::StreamExt;
use server::archive::{ArchiveJob, ObjectName, ObjectStore, RunLog};
use tokio::time::timeout;
use ulid::Ulid;

use crate::ends::hangs_at;
use crate::faulty_objects::{Fault, FaultyObjects};
use crate::{MANIFESTS, NOVEMBER, RUN_INFO, Shop, archive, job, runs};

/// Leaves a run as a killed process would, and returns its identifier.
async fn killed(shop: &Shop, state: RunState) -> String {
    let mut run = archive(&shop.job().await, None).await;
    let later = run.started_at.utc() + TimeDelta::milliseconds(500);
    run.started_at = later.into();
    run.run_id = Ulid::from_datetime(later.into()).to_string();
    run.state = state;
    (run.generation, run.finished_at, run.verified_at) = (None, None, None);
    shop.store.record(&run).await.expect("a record");
    let own = ObjectName::new(format!("shopstream/orders/runs/{}.jsonl", run.run_id));
    let content = futures::stream::iter([Ok("half a line".into())]).boxed();
    let written = shop.objects.write(&own.expect("a name"), content).await;
    written.expect("a write");
    run.run_id
}

#[tokio::test]
async fn unfinished_runs_are_interrupted_and_their_objects_removed() {
    for state in [RunState::Running, RunState::Verifying] {
        let shop = Shop::open().await;
        let finished = archive(&shop.job().await, Some("2026-10")).await;
        let run_id = killed(&shop, state).await;
        assert_eq!(shop.objects().len(), 4);

        let job = shop.job().await;
        let runs = runs(&job).await;
        assert_eq!(
            (&runs[0].run_id, runs[0].state),
            (&run_id, RunState::Interrupted)
        );
        assert!(runs[0].finished_at.is_some() && runs[0].error.is_some());
        assert_eq!(runs[2], finished);
        assert_eq!(shop.objects().len(), 3);
        assert_eq!(archive(&job, None).await.state, RunState::Succeeded);
    }
}

#[tokio::test]
async fn a_command_ends_what_nobody_holds_when_it_begins() {
    let shop = Shop::open().await;
    let run_id = killed(&shop, RunState::Running).await;
    let job = ArchiveJob::beside(shop.parts());
    assert_eq!(archive(&job, None).await.state, RunState::Succeeded);
    let found = shop.store.find(&run_id).await.expect("an answer");
    assert_eq!(found.expect("a run").state, RunState::Interrupted);
    assert_eq!(shop.objects(), [RUN_INFO, NOVEMBER]);
}

/// Leaves a run as a process does that is killed right after its archive has got its name.
async fn killed_late(shop: &Shop) -> String {
    let mut run = archive(&shop.job().await, None).await;
    let later = run.started_at.utc() + TimeDelta::milliseconds(500);
    run.started_at = later.into();
    run.run_id = Ulid::from_datetime(later.into()).to_string();
    (run.state, run.generation, run.finished_at) = (RunState::Verifying, None, None);
    shop.store.record(&run).await.expect("a record");
    run.run_id
}

#[tokio::test]
async fn a_run_whose_archive_has_its_name_gets_its_receipt() {
    let shop = Shop::open().await;
    let run_id = killed_late(&shop).await;
    let job = shop.job().await;
    let ended = &runs(&job).await[0];
    assert_eq!((&ended.run_id, ended.state), (&run_id, RunState::Succeeded));
    assert!(ended.finished_at.is_some() && ended.error.is_none());
    assert_eq!(shop.run_info().await["run_id"], run_id);
    let manifest = shop.object(&format!("{MANIFESTS}{run_id}.json"));
    let manifest: ArchiveRun = serde_json::from_str(&manifest.expect("a manifest")).expect("a run");
    assert_eq!(manifest, *ended);
}

#[tokio::test]
async fn a_run_waits_for_its_receipt_until_the_archive_can_be_read() {
    let shop = Shop::open().await;
    let run_id = killed_late(&shop).await;
    let mut parts = shop.parts();
    let (objects, fault) = (shop.objects.clone(), Fault::Read);
    parts.objects = Arc::new(FaultyObjects { objects, fault });
    let silent = job(parts).await;
    let state = async || {
        let found = shop.store.find(&run_id).await.expect("an answer");
        found.expect("a run").state
    };
    assert_eq!(state().await, RunState::Verifying);
    assert_ne!(shop.run_info().await["run_id"], run_id);
    silent.stop().await;
    shop.job().await;
    assert_eq!(state().await, RunState::Succeeded);
    assert_eq!(shop.run_info().await["run_id"], run_id);
}

#[tokio::test]
async fn a_run_whose_archive_is_another_gets_none() {
    let shop = Shop::open().await;
    let run_id = killed_late(&shop).await;
    let info = shop.object(RUN_INFO);
    let path = shop.folder.path().join("archive").join(NOVEMBER);
    std::fs::write(path, "something else\n").expect("a write");
    let job = shop.job().await;
    let ended = &runs(&job).await[0];
    assert_eq!(
        (&ended.run_id, ended.state),
        (&run_id, RunState::Interrupted)
    );
    assert_eq!(ended.verified_at, None);
    assert_eq!(shop.object(RUN_INFO), info);
    assert_eq!(shop.object(&format!("{MANIFESTS}{run_id}.json")), None);
}

#[tokio::test]
async fn stopping_does_not_wait_for_what_is_made_of_others() {
    for begins in [false, true] {
        let shop = Shop::open().await;
        let run_id = killed_late(&shop).await;
        // The receipt of the other run hangs.
        let parts = hangs_at(&shop, "run_info");
        let job = match begins {
            false => job(parts).await,
            true => ArchiveJob::beside(parts),
        };
        if begins {
            job.begin(None).await.expect("a run");
        }
        let manifest = format!("{MANIFESTS}{run_id}.json");
        while shop.object(&manifest).is_none() {
            tokio::task::yield_now().await;
        }
        let stopped = timeout(Duration::from_secs(10), job.stop()).await;
        assert!(stopped.is_ok(), "{begins}");
        let state = async || {
            let found = shop.store.find(&run_id).await.expect("an answer");
            found.expect("a run").state
        };
        assert_eq!(state().await, RunState::Verifying);
        shop.job().await;
        assert_eq!(state().await, RunState::Succeeded);
    }
}

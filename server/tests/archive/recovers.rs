//! What a new process makes of runs that another has left.

use std::fs;

use app::model::{ArchiveRun, RunState};
use chrono::TimeDelta;
use server::archive::ArchiveJob;
use server::store::RunLog;
use ulid::Ulid;

use crate::faulty_objects::{Fault, RECEIPT};
use crate::{NOVEMBER, RUN_INFO, Shop, archive, job, own, receipt, runs};

/// Leaves a run as a killed process would: its own object is stored, perhaps its receipt, and
/// nothing is published.
async fn killed(shop: &Shop, has_receipt: bool) -> ArchiveRun {
    let run = archive(&shop.job().await, None).await;
    let root = shop.folder.path().join("archive");
    let later = run.started_at.utc() + TimeDelta::milliseconds(500);
    let run_id = Ulid::from_datetime(later.into()).to_string();
    fs::rename(root.join(own(&run.run_id)), root.join(own(&run_id))).expect("an object");
    fs::remove_file(root.join(receipt(&run.run_id))).expect("a receipt");
    fs::remove_file(root.join(NOVEMBER)).expect("an archive");
    fs::remove_file(root.join(RUN_INFO)).expect("a file");
    let left = ArchiveRun {
        stored_as: Some(own(&run_id)),
        run_id,
        state: RunState::Verifying,
        started_at: later.into(),
        published: false,
        finished_at: None,
        verified_at: None,
        ..run.clone()
    };
    shop.store.record(&left).await.expect("a record");
    if has_receipt {
        let json = ArchiveRun {
            state: RunState::Succeeded,
            verified_at: run.verified_at,
            ..left.clone()
        };
        let json = serde_json::to_string(&json).expect("JSON");
        fs::write(root.join(receipt(&left.run_id)), json).expect("a receipt");
    }
    left
}

async fn state(shop: &Shop, run: &ArchiveRun) -> (RunState, bool) {
    let found = shop.store.find(&run.run_id).await.expect("an answer");
    let found = found.expect("a run");
    (found.state, found.published)
}

#[tokio::test]
async fn without_a_receipt_a_run_is_interrupted() {
    let shop = Shop::open().await;
    let left = killed(&shop, false).await;
    let job = shop.job().await;
    let run = &runs(&job).await[0];
    assert_eq!(
        (&run.run_id, run.state),
        (&left.run_id, RunState::Interrupted)
    );
    assert!(run.finished_at.is_some() && run.error.is_some());
    assert_eq!(shop.object(NOVEMBER), None);
    assert_eq!(archive(&job, None).await.state, RunState::Succeeded);
}

#[tokio::test]
async fn with_a_receipt_a_run_has_succeeded_and_is_published_again() {
    let shop = Shop::open().await;
    let left = killed(&shop, true).await;
    let job = shop.job().await;
    assert_eq!(state(&shop, &left).await, (RunState::Succeeded, true));
    let run = &runs(&job).await[0];
    assert!(run.verified_at.is_some() && run.error.is_none());
    assert!(shop.object(NOVEMBER) == shop.object(&own(&left.run_id)));
    assert_eq!(shop.run_info().await["run_id"], left.run_id);
    shop.is_true();
}

#[tokio::test]
async fn with_a_receipt_and_a_changed_object_it_is_not_published() {
    let shop = Shop::open().await;
    let left = killed(&shop, true).await;
    let path = shop.folder.path().join("archive").join(own(&left.run_id));
    fs::write(path, "{}\n").expect("a write");
    shop.job().await;
    assert_eq!(state(&shop, &left).await, (RunState::Succeeded, false));
    let found = shop.store.find(&left.run_id).await.expect("an answer");
    let because = found.and_then(|run| run.unpublished_because);
    let because = because.expect("a reason");
    assert!(
        because.contains("is not what the receipt says"),
        "{because}"
    );
    assert_eq!(shop.object(NOVEMBER), None);
}

#[tokio::test]
async fn a_command_decides_when_it_begins() {
    let shop = Shop::open().await;
    let left = killed(&shop, false).await;
    let job = ArchiveJob::beside(shop.parts());
    assert_eq!(state(&shop, &left).await.0, RunState::Verifying);
    assert_eq!(archive(&job, None).await.state, RunState::Succeeded);
    assert_eq!(state(&shop, &left).await.0, RunState::Interrupted);
}

#[tokio::test]
async fn while_the_receipt_cannot_be_read_nothing_is_decided() {
    let shop = Shop::open().await;
    let left = killed(&shop, true).await;
    let silent = job(shop.faulty(Fault::Read(RECEIPT))).await;
    assert_eq!(state(&shop, &left).await.0, RunState::Verifying);
    // And nothing is held up.
    assert_eq!(archive(&silent, None).await.state, RunState::Succeeded);
    assert_eq!(state(&shop, &left).await.0, RunState::Verifying);
    silent.stop().await;
    shop.job().await;
    assert_eq!(state(&shop, &left).await.0, RunState::Succeeded);
    shop.is_true();
}

#[tokio::test]
async fn a_receipt_whose_answer_is_lost_counts() {
    let shop = Shop::open().await;
    let job = job(shop.faulty(Fault::LostAnswer(RECEIPT))).await;
    let run = archive(&job, None).await;
    // It cannot say so itself.
    assert_eq!(run.state, RunState::Interrupted);
    assert!(
        run.error
            .expect("words")
            .contains("says whether it succeeded")
    );
    job.stop().await;
    let next = shop.job().await;
    let run = &runs(&next).await[0];
    assert_eq!((run.state, run.published), (RunState::Succeeded, true));
    shop.is_true();
}

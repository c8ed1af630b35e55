//! Runs that fail, and what they leave as it was.

use std::sync::Arc;

use app::model::{ArchiveRun, RunState};
use server::archive::ArchiveParts;

use crate::faulty_objects::{self, FaultyObjects};
use crate::faulty_store::{self, FaultyStore};
use crate::{NOVEMBER, RUN_INFO, Shop, archive, job, runs};

/// Archives over an earlier archive, and checks that the run fails without a trace of it.
async fn fails(change: impl FnOnce(&Shop, &mut ArchiveParts)) -> String {
    let shop = Shop::open().await;
    let earlier = archive(&shop.job().await, None).await;
    let before = (shop.object(NOVEMBER), shop.object(RUN_INFO));

    let mut parts = shop.parts();
    change(&shop, &mut parts);
    let job = job(parts).await;
    let run = archive(&job, None).await;
    assert_eq!(run.state, RunState::Failed);
    assert_eq!((run.generation, run.verified_at.is_some()), (None, false));
    assert!(run.finished_at.is_some());
    assert_eq!((shop.object(NOVEMBER), shop.object(RUN_INFO)), before);
    shop.is_settled().await;
    assert_eq!(shop.objects(), [RUN_INFO, NOVEMBER]);
    assert_eq!(runs(&job).await, [run.clone(), earlier]);
    words(run)
}

fn words(run: ArchiveRun) -> String {
    let words = run.error.expect("words");
    assert!(!words.contains("secret"), "{words}");
    words
}

fn store(fault: faulty_store::Fault) -> impl FnOnce(&Shop, &mut ArchiveParts) {
    |shop, parts| {
        let store = shop.store.clone();
        parts.store = Arc::new(FaultyStore { store, fault });
    }
}

fn objects(fault: faulty_objects::Fault) -> impl FnOnce(&Shop, &mut ArchiveParts) {
    move |shop, parts| {
        let objects = shop.objects.clone();
        parts.objects = Arc::new(FaultyObjects { objects, fault });
    }
}

#[tokio::test]
async fn orders_that_cannot_all_be_read() {
    for count in [0, 1, 200] {
        let words = fails(store(faulty_store::Fault::Fail(count))).await;
        let expected = "the orders could not be read: SQLite does not answer; what was archived before is unchanged";
        assert_eq!(words, expected);
    }
}

#[tokio::test]
async fn a_fault_of_the_program() {
    let words = fails(store(faulty_store::Fault::Panic(100))).await;
    assert!(words.starts_with("a fault of the server"), "{words}");
}

#[tokio::test]
async fn an_archive_that_cannot_be_written() {
    let words = fails(objects(faulty_objects::Fault::Write("runs/"))).await;
    assert!(
        words.starts_with("the archive could not be written: "),
        "{words}"
    );
    let words = fails(objects(faulty_objects::Fault::WriteAndDelete)).await;
    assert!(
        words.starts_with("the archive could not be written: "),
        "{words}"
    );
}

#[tokio::test]
async fn an_archive_that_is_not_stored_whole() {
    let words = fails(objects(faulty_objects::Fault::Cut)).await;
    assert!(
        words.starts_with("the archive was not stored whole"),
        "{words}"
    );
}

#[tokio::test]
async fn an_archive_that_is_not_what_was_written() {
    for fault in [faulty_objects::Fault::Flip, faulty_objects::Fault::Repeat] {
        let words = fails(objects(fault)).await;
        assert!(
            words.starts_with("what is stored is not what was written: "),
            "{words}"
        );
    }
}

#[tokio::test]
async fn an_archive_that_cannot_be_read_back() {
    let words = fails(objects(faulty_objects::Fault::Read)).await;
    assert!(
        words.starts_with("the archive could not be read back: "),
        "{words}"
    );
}

#[tokio::test]
async fn a_name_that_cannot_be_given_leaves_the_earlier_archive() {
    let shop = Shop::open().await;
    archive(&shop.job().await, None).await;
    let before = (shop.object(NOVEMBER), shop.object(RUN_INFO));
    let mut parts = shop.parts();
    objects(faulty_objects::Fault::Rename)(&shop, &mut parts);
    let run = archive(&job(parts).await, None).await;
    assert_eq!((run.state, run.verified_at), (RunState::Failed, None));
    assert!(words(run).starts_with("the archive could not be given its name: "));
    assert_eq!((shop.object(NOVEMBER), shop.object(RUN_INFO)), before);
    assert_eq!(shop.objects(), [RUN_INFO, NOVEMBER]);
}

#[tokio::test]
async fn what_failed_runs_could_not_remove_the_next_one_does() {
    let shop = Shop::open().await;
    let mut parts = shop.parts();
    objects(faulty_objects::Fault::RenameAndDelete)(&shop, &mut parts);
    let broken = job(parts).await;
    let own = |run: &ArchiveRun| format!("shopstream/orders/runs/{}.jsonl", run.run_id);
    let mut left = Vec::new();
    for _ in 0..3 {
        left.push(own(&archive(&broken, None).await));
    }
    assert_eq!(shop.objects(), left);
    let run = archive(&shop.job().await, None).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    assert_eq!(shop.objects(), [RUN_INFO, NOVEMBER]);
}

#[tokio::test]
async fn without_run_info_the_run_has_failed_although_the_archive_is_there() {
    let shop = Shop::open().await;
    let mut parts = shop.parts();
    objects(faulty_objects::Fault::Write("run_info"))(&shop, &mut parts);
    let run = archive(&job(parts).await, None).await;
    assert_eq!((run.state, run.verified_at), (RunState::Failed, None));
    assert!(words(run).starts_with("the archive is complete and verified, but run_info.json"));
    assert_eq!(shop.objects(), [NOVEMBER]);
}

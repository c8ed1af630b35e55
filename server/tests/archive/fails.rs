//! Runs that fail, and what they leave as it was.

use std::fs;
use std::sync::Arc;

use app::model::{ArchiveRun, RunState};
use server::archive::ArchiveParts;

use crate::faulty_objects::{Fault, OWN};
use crate::faulty_store::{self, FaultyStore};
use crate::{NOVEMBER, RUN_INFO, Shop, archive, job, receipt, runs};

/// Archives over an earlier archive, and checks that the run fails and changes nothing.
async fn fails(change: impl FnOnce(&Shop) -> ArchiveParts) -> String {
    let shop = Shop::open().await;
    let earlier = archive(&shop.job().await, None).await;
    let before = (shop.object(NOVEMBER), shop.object(RUN_INFO));

    let job = job(change(&shop)).await;
    let run = archive(&job, None).await;
    assert_eq!(run.state, RunState::Failed);
    assert_eq!((run.published, run.verified_at.is_some()), (false, false));
    assert!(run.finished_at.is_some());
    assert_eq!((shop.object(NOVEMBER), shop.object(RUN_INFO)), before);
    assert_eq!(shop.object(&receipt(&run.run_id)), None);
    assert_eq!(runs(&job).await, [run.clone(), earlier]);
    shop.is_true();
    // Nothing is in the way of the next.
    let next = archive(&shop.job().await, None).await;
    assert_eq!(next.state, RunState::Succeeded, "{:?}", next.error);
    words(run)
}

fn words(run: ArchiveRun) -> String {
    let words = run.error.expect("words");
    assert!(!words.contains("secret"), "{words}");
    words
}

fn store(fault: faulty_store::Fault) -> impl FnOnce(&Shop) -> ArchiveParts {
    |shop| {
        let store = shop.store.clone();
        ArchiveParts {
            store: Arc::new(FaultyStore { store, fault }),
            ..shop.parts()
        }
    }
}

#[tokio::test]
async fn orders_that_cannot_all_be_read() {
    for count in [0, 1, 200] {
        let words = fails(store(faulty_store::Fault::Fail(count))).await;
        let expected = "the orders could not be read: SQLite does not answer";
        assert_eq!(words, expected);
    }
}

#[tokio::test]
async fn a_fault_of_the_program() {
    let words = fails(store(faulty_store::Fault::Panic(100))).await;
    assert!(words.starts_with("a fault of the server"), "{words}");
}

#[tokio::test]
async fn an_archive_that_cannot_be_stored() {
    let words = fails(|shop| shop.faulty(Fault::Put(OWN))).await;
    assert!(
        words.starts_with("the archive could not be stored: "),
        "{words}"
    );
}

#[tokio::test]
async fn an_archive_that_is_not_what_was_exported() {
    let faults: [fn(&mut Vec<u8>); 3] = [
        |content| content[10] ^= 1,
        |content| content.truncate(content.len() / 2),
        |content| content.extend_from_slice(b"{}\n"),
    ];
    for spoil in faults {
        let words = fails(|shop| shop.faulty(Fault::Spoil(OWN, spoil))).await;
        assert!(
            words.starts_with("what is stored is not what was exported: "),
            "{words}"
        );
    }
}

#[tokio::test]
async fn an_archive_that_cannot_be_read_back() {
    for fault in [Fault::Read(OWN), Fault::BreakOff(OWN)] {
        let words = fails(|shop| shop.faulty(fault)).await;
        let expected = "the archive could not be read back: ";
        assert!(words.starts_with(expected), "{words}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_no_failure() {
    let shop = Shop::open().await;
    let run = archive(&job(shop.faulty(Fault::Exists("runs/"))).await, None).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    assert!(run.published);
    shop.is_true();
}

#[tokio::test]
async fn a_spool_folder_that_cannot_be_written() {
    let words = fails(|shop| {
        let spool = shop.folder.path().join("file");
        fs::write(&spool, "in the way").expect("a file");
        ArchiveParts {
            spool,
            ..shop.parts()
        }
    })
    .await;
    assert!(
        words.starts_with("the spool folder ") && words.contains(" in DATA_DIR cannot be written"),
        "{words}"
    );
}

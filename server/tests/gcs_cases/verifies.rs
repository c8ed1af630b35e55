//! Archives in a bucket that are read back after somebody has been there.

use app::model::{ArchiveRun, RunState, VerifyOutcome, VerifyReport};

use super::shop::{NOVEMBER, PATIENT, Shop};
use crate::support::gcs;

/// Verifies after `change` has made the object's content another one, and checks that nothing else
/// does: the object is deleted where that gives `None`.
async fn changed(
    change: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>,
) -> Option<(ArchiveRun, VerifyReport)> {
    let shop = Shop::open().await?;
    let run = shop.archive(PATIENT).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    let (_, content) = shop.object(NOVEMBER).await.expect("an archive");
    match change(content) {
        Some(content) => gcs::write(&shop.config, NOVEMBER, content).await,
        None => gcs::delete(&shop.config, NOVEMBER).await,
    }
    let before = (shop.object(NOVEMBER).await, shop.objects().await);
    let report = shop.verify(&run.run_id).await.expect("a report");
    assert!(before == (shop.object(NOVEMBER).await, shop.objects().await));
    assert_eq!(report.expected.generation, run.generation);
    let found = report.found.as_ref().map(|found| found.generation);
    let there = before.0.map(|(generation, _)| generation.parse().ok());
    assert_eq!(found, there);
    Some((run, report))
}

#[tokio::test]
async fn what_was_stored_is_intact_and_of_its_generation() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let run = shop.archive(PATIENT).await;
    let report = shop.verify(&run.run_id).await.expect("a report");
    assert_eq!(report.outcome, VerifyOutcome::Intact);
    assert!(run.generation.is_some());
    assert_eq!(report.found, Some(report.expected));
}

#[tokio::test]
async fn the_same_content_written_once_more_is_replaced() {
    let Some((run, report)) = changed(Some).await else {
        return;
    };
    assert_eq!(report.outcome, VerifyOutcome::Replaced);
    let found = report.found.expect("figures");
    let (old, new) = (run.generation, found.generation);
    assert!(new > old, "{new:?} {old:?}");
    assert_eq!(Some(&found.crc32c), run.crc32c.as_ref());
    let words = format!(
        ", generation {} instead of {}",
        new.expect("a generation"),
        old.expect("a generation")
    );
    let start = "the archive was replaced by the same content, which no run has written: ";
    assert!(report.message.starts_with(start), "{}", report.message);
    assert!(report.message.ends_with(&words), "{}", report.message);
}

#[tokio::test]
async fn the_same_content_of_a_later_run_is_that_runs() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let first = shop.archive(PATIENT).await;
    let second = shop.archive(PATIENT).await;
    assert_eq!(first.crc32c, second.crc32c);
    let report = shop.verify(&first.run_id).await.expect("a report");
    assert_eq!(report.outcome, VerifyOutcome::Replaced);
    let words = format!(
        "the archive was replaced by that of run {}, which is intact: ",
        second.run_id
    );
    assert!(report.message.starts_with(&words), "{}", report.message);
    let report = shop.verify(&second.run_id).await.expect("a report");
    assert_eq!(report.outcome, VerifyOutcome::Intact);
}

#[tokio::test]
async fn other_content_is_told_by_what_differs() {
    let cut = |mut content: Vec<u8>| {
        content.truncate(1000);
        Some(content)
    };
    let flip = |mut content: Vec<u8>| {
        content[100] ^= 1;
        Some(content)
    };
    let grow = |mut content: Vec<u8>| {
        content.extend_from_slice(b"{}\n");
        Some(content)
    };
    for (result, outcome, words) in [
        (
            changed(cut).await,
            VerifyOutcome::Truncated,
            "the archive was truncated: 1,000 bytes instead of ",
        ),
        (
            changed(flip).await,
            VerifyOutcome::Changed,
            "the archive was changed: ",
        ),
        (
            changed(grow).await,
            VerifyOutcome::Changed,
            "the archive was changed: ",
        ),
        (
            changed(|_| None).await,
            VerifyOutcome::Missing,
            "the archive is not there any more: ",
        ),
    ] {
        let Some((_, report)) = result else {
            return;
        };
        assert_eq!(report.outcome, outcome);
        assert!(report.message.starts_with(words), "{}", report.message);
    }
}

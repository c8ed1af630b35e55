//! What reading back has shown, in the retention guard.

use std::fs;
use std::path::PathBuf;

use app::model::{ArchiveRun, MonthGuard, VerifyOutcome};
use app::ports::Archive;

use crate::{OCTOBER, Shop, archive};

/// A shop whose October was archived once or more, and the archive's file.
async fn archived<const TIMES: usize>() -> (Shop, [ArchiveRun; TIMES], PathBuf) {
    let shop = Shop::open().await;
    let mut runs = Vec::new();
    for _ in 0..TIMES {
        runs.push(archive(&shop.job().await, Some("2026-10")).await);
    }
    let file = shop.folder.path().join("archive").join(OCTOBER);
    (shop, runs.try_into().expect("so many runs"), file)
}

/// Changes a category in the file, which stays as long as it is; the next time, changes it back.
fn damage(file: &PathBuf) {
    let content = fs::read_to_string(file).expect("an archive");
    let (whole, changed) = ("\"category\":\"f", "\"category\":\"F");
    let changed = match content.contains(changed) {
        false => content.replacen(whole, changed, 1),
        true => content.replacen(changed, whole, 1),
    };
    assert_ne!(changed, content);
    fs::write(file, changed).expect("a write");
}

async fn verify(shop: &Shop, run: &ArchiveRun) -> VerifyOutcome {
    let report = shop.job().await.verify(&run.run_id).await;
    report.expect("a report").outcome
}

/// The guard of October, as a process shows it that has just been started.
async fn october(shop: &Shop) -> MonthGuard {
    let status = shop.job().await.status().await.expect("a status");
    assert_eq!(status.guard_stale_because, None);
    let is_october = |guard: &MonthGuard| guard.month == crate::month("2026-10");
    let october = status.guard.into_iter().find(is_october);
    october.expect("October")
}

fn counts(guard: &MonthGuard) -> bool {
    assert_eq!(guard.archive.is_some(), !guard.damaged);
    assert_eq!(guard.urgent, guard.damaged);
    !guard.damaged
}

#[tokio::test]
async fn an_archive_that_was_seen_to_be_changed_does_not_count_until_it_is_seen_to_be_whole() {
    let (shop, [run], file) = archived().await;
    let content = fs::read(&file).expect("an archive");
    damage(&file);
    assert_eq!(verify(&shop, &run).await, VerifyOutcome::Changed);
    assert!(!counts(&october(&shop).await));
    // A length tells nothing of what was put back.
    fs::write(&file, content).expect("a write");
    assert!(!counts(&october(&shop).await));
    assert_eq!(verify(&shop, &run).await, VerifyOutcome::Intact);
    assert!(counts(&october(&shop).await));
}

#[tokio::test]
async fn an_archive_that_was_written_since_counts() {
    let (shop, [run], file) = archived().await;
    damage(&file);
    verify(&shop, &run).await;
    let job = shop.job().await;
    let missing = job.missing().await.expect("months");
    assert_eq!(missing.months, [run.month]);
    archive(&job, Some("2026-10")).await;
    assert!(counts(&october(&shop).await));
}

#[tokio::test]
async fn no_run_that_has_written_the_same_makes_up_for_it() {
    for at in [0, 1] {
        let (shop, runs, file) = archived::<2>().await;
        assert_eq!(runs[0].crc32c, runs[1].crc32c);
        damage(&file);
        assert_eq!(verify(&shop, &runs[at]).await, VerifyOutcome::Changed);
        assert!(!counts(&october(&shop).await), "{at}");
        damage(&file);
        // A file has no generation that tells which of them has written it.
        let outcome = verify(&shop, &runs[1 - at]).await;
        assert_eq!(outcome, VerifyOutcome::Intact);
        assert!(counts(&october(&shop).await), "{at}");
    }
}

#[tokio::test]
async fn the_page_that_has_found_it_shows_it_at_once() {
    let (shop, [run], file) = archived().await;
    let job = shop.job().await;
    let before = job.status().await.expect("a status").guard;
    assert!(before[1].archive.is_some());
    let content = fs::read(&file).expect("an archive");
    let remove = |file: &PathBuf| fs::remove_file(file).expect("a file");
    for harm in [damage, remove] {
        harm(&file);
        job.verify(&run.run_id).await.expect("a report");
        let after = job.status().await.expect("a status").guard;
        assert!(after[1].archive.is_none() && after[1].damaged);
        fs::write(&file, &content).expect("a write");
        job.verify(&run.run_id).await.expect("a report");
        let healed = job.status().await.expect("a status").guard;
        assert_eq!(healed, before);
    }
}

#[tokio::test]
async fn what_a_length_tells_is_not_remembered() {
    let (shop, [run], file) = archived().await;
    let content = fs::read(&file).expect("an archive");
    let longer = [&content[..], b"{}\n"].concat();
    for (other, outcome) in [
        (&content[1..], VerifyOutcome::Truncated),
        (&longer, VerifyOutcome::Changed),
    ] {
        fs::write(&file, other).expect("a write");
        assert_eq!(verify(&shop, &run).await, outcome);
        assert!(!counts(&october(&shop).await));
        fs::write(&file, &content).expect("a write");
        assert!(counts(&october(&shop).await));
    }
}

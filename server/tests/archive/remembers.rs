//! What reading back has shown, in the retention guard.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use app::model::{ArchiveRun, MonthGuard, VerifyOutcome};
use app::ports::Archive;
use server::archive::{Patience, Watched, guard};
use server::order::Order;
use server::store::OrderStore;

use crate::faulty_objects::{Fault, FaultyObjects};
use crate::guards::guard_now;
use crate::{OCTOBER, Shop, archive, calendar, job, now, runs};

/// A shop whose October was archived, and the archive's file.
async fn archived() -> (Shop, ArchiveRun, PathBuf) {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    let file = shop.folder.path().join("archive").join(OCTOBER);
    (shop, run, file)
}

/// Changes a category in the file, which stays as long as it is.
fn damage(file: &PathBuf) {
    let content = fs::read_to_string(file).expect("an archive");
    let changed = content.replacen("\"category\":\"f", "\"category\":\"F", 1);
    assert_ne!(changed, content);
    fs::write(file, changed).expect("a write");
}

/// Corrects an order of October so that the next archive has other content and is as long.
async fn correct(shop: &Shop) {
    let lines = shop.lines("2026-10", "UTC").await;
    let line = lines.lines().find(|line| line.contains("\"North\""));
    let line = line
        .expect("an order")
        .replacen("\"North\"", "\"South\"", 1);
    let order = Order::from_json(&line).expect("an order");
    shop.store.upsert(vec![order]).await.expect("a write");
}

async fn verify(shop: &Shop, run: &ArchiveRun) -> VerifyOutcome {
    let report = shop.job().await.verify(&run.run_id).await;
    report.expect("a report").outcome
}

/// The run whose archive of October counts.
async fn counted(shop: &Shop) -> Option<String> {
    counts(&guard_now(shop).await[1])
}

fn counts(october: &MonthGuard) -> Option<String> {
    assert_eq!(october.archive.is_none(), october.damaged);
    assert_eq!(october.urgent, october.damaged);
    let archive = october.archive.as_ref();
    archive.map(|archive| archive.run_id.clone())
}

#[tokio::test]
async fn an_archive_that_was_seen_to_be_changed_does_not_count_until_it_is_seen_to_be_whole() {
    let (shop, run, file) = archived().await;
    let content = fs::read(&file).expect("an archive");
    damage(&file);
    assert_eq!(verify(&shop, &run).await, VerifyOutcome::Changed);
    assert_eq!(counted(&shop).await, None);
    // A length tells nothing of what was put back.
    fs::write(&file, content).expect("a write");
    assert_eq!(counted(&shop).await, None);
    assert_eq!(verify(&shop, &run).await, VerifyOutcome::Intact);
    assert_eq!(counted(&shop).await, Some(run.run_id));
}

#[tokio::test]
async fn an_archive_that_was_written_since_counts() {
    let (shop, run, file) = archived().await;
    damage(&file);
    verify(&shop, &run).await;
    let job = shop.job().await;
    let missing = job.missing().await.expect("months");
    assert_eq!(missing.months, [run.month]);
    let again = archive(&job, Some("2026-10")).await;
    assert_eq!(counted(&shop).await, Some(again.run_id));
}

#[tokio::test]
async fn no_run_that_has_written_the_same_makes_up_for_it() {
    for at in [0, 1] {
        let (shop, first, file) = archived().await;
        let second = archive(&shop.job().await, Some("2026-10")).await;
        assert_eq!(first.crc32c, second.crc32c);
        let content = fs::read(&file).expect("an archive");
        damage(&file);
        let runs = [&first, &second];
        assert_eq!(verify(&shop, runs[at]).await, VerifyOutcome::Changed);
        assert_eq!(counted(&shop).await, None, "{at}");
        fs::write(&file, content).expect("a write");
        // A file has no generation that tells which of them has written it.
        assert_eq!(verify(&shop, runs[1 - at]).await, VerifyOutcome::Intact);
        assert_eq!(counted(&shop).await, Some(second.run_id), "{at}");
    }
}

#[tokio::test]
async fn an_earlier_archive_that_is_as_long_and_was_put_back_counts_for_itself() {
    let (shop, first, file) = archived().await;
    let content = fs::read(&file).expect("an archive");
    correct(&shop).await;
    let second = archive(&shop.job().await, Some("2026-10")).await;
    assert_eq!(first.bytes, second.bytes);
    assert_ne!(first.crc32c, second.crc32c);
    assert_eq!(verify(&shop, &first).await, VerifyOutcome::Replaced);
    assert_eq!(counted(&shop).await, Some(second.run_id.clone()));

    fs::write(&file, content).expect("a write");
    assert_eq!(verify(&shop, &second).await, VerifyOutcome::Changed);
    assert_eq!(counted(&shop).await, Some(first.run_id.clone()));
    damage(&file);
    assert_eq!(verify(&shop, &second).await, VerifyOutcome::Changed);
    assert_eq!(counted(&shop).await, None);
}

#[tokio::test]
async fn without_a_look_the_newest_is_taken_as_it_is_recorded() {
    let (shop, first, file) = archived().await;
    shop.insert(&["2026-10-31T12:00:00Z"]).await;
    let second = archive(&shop.job().await, Some("2026-10")).await;
    assert!(first.bytes < second.bytes);
    damage(&file);
    verify(&shop, &second).await;
    let unseen = FaultyObjects {
        objects: shop.objects.clone(),
        fault: Fault::Read,
    };
    for objects in [None, Some(&unseen as _)] {
        let watched = Watched {
            orders: shop.store.as_ref(),
            log: shop.store.as_ref(),
            objects,
            calendar: calendar("UTC"),
            now: now(),
        };
        let guard = guard(watched, Patience::JOB).await.expect("a guard");
        assert_eq!(counts(&guard.months[1]), None);
    }
}

#[tokio::test]
async fn what_was_archived_meanwhile_is_not_what_was_read_nor_what_should_have_been() {
    for (fault, outcome, changed) in [
        (
            Fault::ArchiveBefore as fn(_) -> _,
            VerifyOutcome::Replaced,
            false,
        ),
        (Fault::ArchiveAfter, VerifyOutcome::Changed, true),
    ] {
        let (shop, run, file) = archived().await;
        damage(&file);
        correct(&shop).await;
        let mut parts = shop.parts();
        parts.objects = Arc::new(FaultyObjects {
            objects: shop.objects.clone(),
            fault: fault(shop.job().await),
        });
        let report = job(parts).await.verify(&run.run_id).await;
        assert_eq!(report.expect("a report").outcome, outcome);
        let runs = runs(&shop.job().await).await;
        assert_eq!(runs[0].bytes, run.bytes);
        assert_eq!(counted(&shop).await.as_ref(), Some(&runs[0].run_id));
        let damaged = [&runs[0], &runs[1]].map(|run| run.damaged_at.is_some());
        assert_eq!(damaged, [false, changed]);
    }
}

#[tokio::test]
async fn what_a_length_tells_is_not_recorded() {
    let (shop, run, file) = archived().await;
    let content = fs::read(&file).expect("an archive");
    let longer = [&content[..], b"{}\n"].concat();
    for (other, outcome) in [
        (&content[1..], VerifyOutcome::Truncated),
        (&longer, VerifyOutcome::Changed),
    ] {
        fs::write(&file, other).expect("a write");
        assert_eq!(verify(&shop, &run).await, outcome);
        assert_eq!(counted(&shop).await, None);
        fs::write(&file, &content).expect("a write");
        assert_eq!(counted(&shop).await.as_ref(), Some(&run.run_id));
    }
}

#[tokio::test]
async fn the_process_that_has_found_it_shows_it_at_once() {
    let shop = Shop::open().await;
    let job = job(shop.parts()).await;
    let run = archive(&job, Some("2026-10")).await;
    let file = shop.folder.path().join("archive").join(&run.object);
    let before = job.status().await.expect("a status");
    assert_eq!(counts(&before.guard[1]), Some(run.run_id.clone()));
    let content = fs::read(&file).expect("an archive");
    let remove = |file: &PathBuf| fs::remove_file(file).expect("a file");
    for (harm, recorded) in [(damage as fn(&PathBuf), true), (remove, false)] {
        harm(&file);
        job.verify(&run.run_id).await.expect("a report");
        let after = job.status().await.expect("a status");
        assert_eq!(counts(&after.guard[1]), None);
        assert_eq!(after.runs[0].damaged_at.is_some(), recorded);
        fs::write(&file, &content).expect("a write");
        job.verify(&run.run_id).await.expect("a report");
        assert_eq!(job.status().await.expect("a status"), before);
    }
}

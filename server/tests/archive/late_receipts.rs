//! Receipts that a run could not write, when its archive cannot be replaced any more.

use std::sync::Arc;

use app::model::{ArchiveRun, RunState};
use app::ports::Archive;
use chrono::{DateTime, Utc};
use server::archive::ArchiveParts;

use crate::faulty_objects::{Fault, FaultyObjects};
use crate::supersedes::{early, october, parts, refusal, shop};
use crate::{MANIFESTS, OCTOBER, RUN_INFO, Shop, archive, at, job, now};

/// What a job works with at that time, and whose objects fail so.
fn failing(shop: &Shop, now: DateTime<Utc>, fault: Fault) -> ArchiveParts {
    let objects = shop.objects.clone();
    ArchiveParts {
        objects: Arc::new(FaultyObjects { objects, fault }),
        ..parts(shop, now)
    }
}

#[tokio::test]
async fn a_receipt_that_was_missing_is_written_instead() {
    let shop = shop().await;
    let failing = failing(&shop, early(), Fault::Write("run_info"));
    let failed = archive(&job(failing).await, Some("2026-10")).await;
    assert_eq!(failed.state, RunState::Failed);
    let before = shop.object(OCTOBER);
    assert!(before.is_some());

    let job = job(parts(&shop, now())).await;
    assert_eq!(job.missing().await.expect("months").months, [failed.month]);
    let words = refusal(archive(&job, Some("2026-10")).await);
    // Nobody is told to move away what has its receipt now.
    assert!(words.ends_with("has been written now"), "{words}");
    assert_eq!(shop.object(OCTOBER), before);
    assert_eq!(job.missing().await.expect("months").months, []);
    let words = refusal(archive(&job, Some("2026-10")).await);
    assert!(words.contains("move that object away"), "{words}");
    let runs = job.status().await.expect("a status").runs;
    let told = runs.iter().find(|run| run.run_id == failed.run_id);
    let told = told.expect("the run");
    assert_eq!((told.state, &told.error), (RunState::Succeeded, &None));
    let manifest = shop.object(&format!("{}{}.json", MANIFESTS, told.run_id));
    let manifest: ArchiveRun =
        serde_json::from_str(&manifest.expect("a manifest")).expect("a receipt");
    assert_eq!(&manifest, told);
    assert_eq!(shop.run_info().await["run_id"], told.run_id.as_str());
}

#[tokio::test]
async fn a_receipt_that_is_there_is_not_written_again() {
    let shop = shop().await;
    let whole = october(&shop, early()).await;
    let receipts = shop.object(RUN_INFO);
    let failing = failing(&shop, early(), Fault::Rename);
    let again = archive(&job(failing).await, Some("2026-10")).await;
    assert_eq!(
        (again.state, again.crc32c),
        (RunState::Failed, whole.crc32c)
    );
    let job = job(parts(&shop, now())).await;
    let words = refusal(archive(&job, Some("2026-10")).await);
    assert!(words.contains("move that object away"), "{words}");
    let runs = job.status().await.expect("a status").runs;
    let again = runs.iter().find(|run| run.run_id == again.run_id);
    assert_eq!(again.map(|run| run.state), Some(RunState::Failed));
    assert_eq!(shop.object(RUN_INFO), receipts);
}

#[tokio::test]
async fn nobody_is_told_to_move_away_what_has_no_receipt_yet() {
    let shop = shop().await;
    for now in [early(), now()] {
        let failing = failing(&shop, now, Fault::Write("run_info"));
        let words = refusal(archive(&job(failing).await, Some("2026-10")).await);
        assert!(words.contains("archive the month again"), "{words}");
        assert!(!words.contains("move "), "{words}");
    }
    let job = job(parts(&shop, now())).await;
    assert_eq!(job.missing().await.expect("months").months.len(), 1);
}

#[tokio::test]
async fn a_missing_receipt_is_not_hidden_by_one_of_the_same_orders() {
    let shop = shop().await;
    let part = october(&shop, at("2026-10-31T20:00:00Z")).await;
    assert_eq!(part.state, RunState::Succeeded);
    let failing = failing(&shop, early(), Fault::Write("run_info"));
    let whole = archive(&job(failing).await, Some("2026-10")).await;
    assert_eq!((whole.state, whole.crc32c), (RunState::Failed, part.crc32c));
    let job = job(parts(&shop, now())).await;
    assert_eq!(job.missing().await.expect("months").months, [whole.month]);
    refusal(archive(&job, Some("2026-10")).await);
    assert_eq!(job.missing().await.expect("months").months, []);
}

#[tokio::test]
async fn a_receipt_that_comes_late_is_not_the_newest() {
    let shop = shop().await;
    let failing = failing(&shop, early(), Fault::Write("run_info"));
    archive(&job(failing).await, Some("2026-10")).await;
    let job = job(parts(&shop, now())).await;
    let newest = archive(&job, None).await;
    refusal(archive(&job, Some("2026-10")).await);
    assert_eq!(job.missing().await.expect("months").months, []);
    assert_eq!(shop.run_info().await["run_id"], newest.run_id.as_str());
}

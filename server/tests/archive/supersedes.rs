//! Archives whose orders have left the order store since.

use std::fs;
use std::sync::Arc;

use app::model::{ArchiveRun, RunState};
use app::ports::Archive;
use chrono::{DateTime, TimeDelta, Utc};
use server::archive::ArchiveParts;
use server::clock::FixedClock;
use server::order::Order;
use server::store::OrderStore;

use crate::faulty_objects::{self, FaultyObjects};
use crate::faulty_store::{Fault, FaultyStore};
use crate::{OCTOBER, RUN_INFO, Shop, archive, at, calendar, job, now};

const ORDERS: [&str; 3] = [
    "2026-10-01T12:00:00Z",
    "2026-10-10T12:00:00Z",
    "2026-10-31T12:00:00Z",
];

/// A store with three orders of October that are somebody's own.
async fn shop() -> Shop {
    let shop = Shop::empty().await;
    shop.store.adopt().await.expect("a write");
    shop.insert(&ORDERS).await;
    shop
}

/// What a job works with at that time, when what is older than 35 days has left the store.
fn parts(shop: &Shop, now: DateTime<Utc>) -> ArchiveParts {
    let (store, fault) = (shop.store.clone(), Fault::Left(now - TimeDelta::days(35)));
    ArchiveParts {
        store: Arc::new(FaultyStore { store, fault }),
        clock: Arc::new(FixedClock(now)),
        ..shop.parts()
    }
}

/// Archives October then.
async fn october(shop: &Shop, now: DateTime<Utc>) -> ArchiveRun {
    archive(&job(parts(shop, now)).await, Some("2026-10")).await
}

/// Before any of the orders has left.
fn early() -> DateTime<Utc> {
    at("2026-11-02T03:00:00Z")
}

fn refusal(run: ArchiveRun) -> String {
    assert_eq!(run.state, RunState::Failed);
    run.error.expect("words")
}

#[tokio::test]
async fn an_archive_is_not_replaced_by_what_is_left_of_its_orders() {
    let shop = shop().await;
    let whole = october(&shop, early()).await;
    assert_eq!((whole.state, whole.orders), (RunState::Succeeded, 3));
    let before = (shop.object(OCTOBER), shop.object(RUN_INFO));

    let words = refusal(october(&shop, now()).await);
    let path = shop.folder.path().join("archive").join(OCTOBER);
    let line = format!(
        "line 1 of {} is order \"2026-10-01T12:00:00Z\", which is not among the orders of October 2026 that",
        path.display()
    );
    assert!(words.contains(&line), "{words}");
    assert_eq!((shop.object(OCTOBER), shop.object(RUN_INFO)), before);
    assert_eq!(shop.objects(), [RUN_INFO, OCTOBER]);
    let job = job(parts(&shop, now())).await;
    assert_eq!(job.missing().await.expect("months").months, []);

    // What somebody has moved away is no archive any more.
    fs::remove_file(path).expect("a file");
    let rest = october(&shop, now()).await;
    assert_eq!((rest.state, rest.orders), (RunState::Succeeded, 1));
}

#[tokio::test]
async fn orders_that_come_late_do_not_stand_for_those_that_have_left() {
    let shop = shop().await;
    october(&shop, early()).await;
    let before = shop.object(OCTOBER);
    shop.insert(&[
        "2026-10-30T10:00:00Z",
        "2026-10-30T11:00:00Z",
        "2026-10-30T12:00:00Z",
        "2026-10-30T13:00:00Z",
    ])
    .await;
    let words = refusal(october(&shop, now()).await);
    assert!(words.contains("line 1 "), "{words}");
    assert_eq!(shop.object(OCTOBER), before);
    // While all are there, they are added.
    let all = october(&shop, at("2026-11-05T11:00:00Z")).await;
    assert_eq!((all.state, all.orders), (RunState::Succeeded, 7));
}

#[tokio::test]
async fn an_order_whose_time_was_corrected_is_no_loss() {
    let shop = shop().await;
    october(&shop, early()).await;
    let id = ORDERS[0];
    let line = format!(r#"{{"order_id":"{id}","created_at":"2026-10-30T12:00:00Z","total":1}}"#);
    let order = Order::from_json(&line).expect("an order");
    shop.store.upsert(vec![order]).await.expect("a write");
    let run = archive(&shop.job().await, Some("2026-10")).await;
    assert_eq!((run.state, run.orders), (RunState::Succeeded, 3));
}

#[tokio::test]
async fn a_receipt_that_was_missing_is_written_instead() {
    let shop = shop().await;
    let mut failing = parts(&shop, early());
    let objects = shop.objects.clone();
    let fault = faulty_objects::Fault::Write("run_info");
    failing.objects = Arc::new(FaultyObjects { objects, fault });
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
    let manifest = shop.object(&format!("{}{}.json", crate::MANIFESTS, told.run_id));
    let manifest: ArchiveRun =
        serde_json::from_str(&manifest.expect("a manifest")).expect("a receipt");
    assert_eq!(&manifest, told);
    assert_eq!(shop.run_info().await["run_id"], told.run_id.as_str());
}

#[tokio::test]
async fn what_is_put_back_during_a_run_is_not_replaced() {
    let shop = shop().await;
    october(&shop, early()).await;
    let path = shop.folder.path().join("archive").join(OCTOBER);
    let content = fs::read(&path).expect("an archive");
    fs::remove_file(&path).expect("a file");
    let mut parts = parts(&shop, now());
    let objects = shop.objects.clone();
    let fault = faulty_objects::Fault::PutBack(path.clone(), content.clone());
    parts.objects = Arc::new(FaultyObjects { objects, fault });
    let words = refusal(archive(&job(parts).await, Some("2026-10")).await);
    assert!(words.contains("line 1 "), "{words}");
    assert_eq!(fs::read(&path).expect("an archive"), content);
}

#[tokio::test]
async fn a_receipt_that_is_there_is_not_written_again() {
    let shop = shop().await;
    let whole = october(&shop, early()).await;
    let receipts = shop.object(RUN_INFO);
    let mut failing = parts(&shop, early());
    let objects = shop.objects.clone();
    let fault = faulty_objects::Fault::Rename;
    failing.objects = Arc::new(FaultyObjects { objects, fault });
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
        let mut failing = parts(&shop, now);
        let objects = shop.objects.clone();
        let fault = faulty_objects::Fault::Write("run_info");
        failing.objects = Arc::new(FaultyObjects { objects, fault });
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
    let mut failing = parts(&shop, early());
    let objects = shop.objects.clone();
    let fault = faulty_objects::Fault::Write("run_info");
    failing.objects = Arc::new(FaultyObjects { objects, fault });
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
    let mut failing = parts(&shop, early());
    let objects = shop.objects.clone();
    let fault = faulty_objects::Fault::Write("run_info");
    failing.objects = Arc::new(FaultyObjects { objects, fault });
    archive(&job(failing).await, Some("2026-10")).await;
    let job = job(parts(&shop, now())).await;
    let newest = archive(&job, None).await;
    refusal(archive(&job, Some("2026-10")).await);
    assert_eq!(job.missing().await.expect("months").months, []);
    assert_eq!(shop.run_info().await["run_id"], newest.run_id.as_str());
}

#[tokio::test]
async fn fewer_orders_are_a_correction_until_they_may_have_left() {
    let shop = shop().await;
    let later = at("2026-10-15T00:00:00Z");
    for (now, state) in [
        ("2026-11-02T03:00:00Z", RunState::Succeeded),
        // Two days are left to them, less a second.
        ("2026-11-03T12:00:00Z", RunState::Succeeded),
        ("2026-11-03T12:00:01Z", RunState::Failed),
    ] {
        assert_eq!(october(&shop, early()).await.state, RunState::Succeeded);
        let mut parts = parts(&shop, at(now));
        let (store, fault) = (shop.store.clone(), Fault::Left(later));
        parts.store = Arc::new(FaultyStore { store, fault });
        let run = archive(&job(parts).await, Some("2026-10")).await;
        assert_eq!(run.state, state, "{now}");
    }
}

#[tokio::test]
async fn what_no_run_has_written_is_not_replaced_either() {
    let shop = shop().await;
    october(&shop, early()).await;
    let path = shop.folder.path().join("archive").join(OCTOBER);
    let whole = fs::read_to_string(&path).expect("an archive");
    for (content, line, what) in [
        (
            format!("{whole}note\n"),
            "line 4 ",
            "something without an order's id",
        ),
        (
            whole[..50].to_owned(),
            "line 1 ",
            "something without an order's id",
        ),
        (
            format!("{}{whole}", whole.replace("2026-10-01", "2026-09-30")),
            "line 1 ",
            "BUSINESS_TIMEZONE",
        ),
    ] {
        fs::write(&path, &content).expect("a write");
        // All of October is in the store.
        let words = refusal(archive(&shop.job().await, Some("2026-10")).await);
        assert!(words.contains(line) && words.contains(what), "{words}");
        assert_eq!(shop.object(OCTOBER), Some(content));
    }
    // Orders that are all in the store are no loss, whoever wrote them.
    let first = whole.lines().next().expect("a line");
    fs::write(&path, format!("{first}\n")).expect("a write");
    let run = archive(&shop.job().await, Some("2026-10")).await;
    assert_eq!((run.state, run.orders), (RunState::Succeeded, 3));
}

#[tokio::test]
async fn an_archive_of_another_time_zone_keeps_the_orders_outside_the_window() {
    let shop = shop().await;
    shop.insert(&["2026-09-30T16:00:00Z"]).await;
    let mut tokyo = shop.parts();
    tokyo.calendar = calendar("Asia/Tokyo");
    let run = archive(&job(tokyo).await, Some("2026-10")).await;
    assert_eq!((run.state, run.orders), (RunState::Succeeded, 4));
    let words = refusal(archive(&shop.job().await, Some("2026-10")).await);
    assert!(words.contains("outside the window"), "{words}");
}

#[tokio::test]
async fn an_archive_that_cannot_be_compared_is_not_replaced() {
    let shop = shop().await;
    october(&shop, early()).await;
    let before = shop.object(OCTOBER);
    let mut parts = shop.parts();
    let objects = shop.objects.clone();
    let fault = faulty_objects::Fault::BreakOnRead(OCTOBER);
    parts.objects = Arc::new(FaultyObjects { objects, fault });
    let words = refusal(archive(&job(parts).await, Some("2026-10")).await);
    assert!(words.contains("could not be compared"), "{words}");
    assert_eq!(shop.object(OCTOBER), before);
}

#[tokio::test]
async fn an_archive_of_synthetic_orders_is_replaced_and_none_of_ones_own() {
    let shop = Shop::open().await;
    let synthetic = archive(&shop.job().await, Some("2026-10")).await;
    assert!(synthetic.synthetic && synthetic.orders > 3);
    assert_eq!(shop.job().await.missing().await.expect("months").months, []);

    shop.store.adopt().await.expect("a write");
    shop.insert(&["2026-10-10T12:00:00Z"]).await;
    let job = shop.job().await;
    assert_eq!(
        job.missing().await.expect("months").months,
        [crate::month("2026-10")]
    );
    let own = archive(&job, Some("2026-10")).await;
    assert_eq!((own.state, own.orders), (RunState::Succeeded, 1));
    assert!(!own.synthetic);
    assert_eq!(job.missing().await.expect("months").months, []);
}

//! Archives whose orders have left the order store since.

use std::fs;
use std::sync::Arc;

use app::model::{ArchiveRun, RunState};
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
pub async fn shop() -> Shop {
    let shop = Shop::empty().await;
    shop.store.adopt().await.expect("a write");
    shop.insert(&ORDERS).await;
    shop
}

/// What a job works with at that time, when what is older than 35 days has left the store.
pub fn parts(shop: &Shop, now: DateTime<Utc>) -> ArchiveParts {
    let (store, fault) = (shop.store.clone(), Fault::Left(now - TimeDelta::days(35)));
    ArchiveParts {
        store: Arc::new(FaultyStore { store, fault }),
        clock: Arc::new(FixedClock(now)),
        ..shop.parts()
    }
}

/// Archives October then.
pub async fn october(shop: &Shop, now: DateTime<Utc>) -> ArchiveRun {
    archive(&job(parts(shop, now)).await, Some("2026-10")).await
}

/// Before any of the orders has left.
pub fn early() -> DateTime<Utc> {
    at("2026-11-02T03:00:00Z")
}

pub fn refusal(run: ArchiveRun) -> String {
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

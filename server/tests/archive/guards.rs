//! The retention guard.

use std::sync::Arc;

use app::model::{MonthGuard, RunState};
use app::ports::Archive;
use chrono::{DateTime, TimeDelta, Utc};
use server::archive::{ArchiveJob, Patience, Watched, guard};
use server::clock::FixedClock;

use crate::faulty_store::Fault::Left;
use crate::faulty_store::FaultyStore;
use crate::{Shop, archive, at, calendar, job, month, now};

/// The guard of a store with one order at each of these times.
pub async fn guarded(zone: &str, orders: &[&str], now: &str) -> Vec<MonthGuard> {
    let shop = Shop::empty().await;
    shop.insert(orders).await;
    let watched = Watched {
        orders: shop.store.as_ref(),
        log: shop.store.as_ref(),
        objects: None,
        calendar: calendar(zone),
        now: at(now),
    };
    certain(watched).await
}

#[tokio::test]
async fn an_empty_store_has_nothing_to_lose() {
    assert_eq!(guarded("UTC", &[], "2026-11-23T09:30:00Z").await, []);
}

#[tokio::test]
async fn a_month_is_urgent_from_a_week_before_its_first_order_leaves() {
    let orders = [
        "2026-10-01T00:00:00Z",
        "2026-10-31T23:59:59Z",
        "2026-11-01T00:00:00Z",
    ];
    for (now, urgent) in [
        // 35 days after the first of October is the fifth of November.
        ("2026-10-30T00:00:00Z", None),
        ("2026-11-01T00:00:00Z", Some(true)),
        ("2026-12-01T00:00:00Z", Some(true)),
    ] {
        let guard = guarded("UTC", &orders, now).await;
        let october = guard.iter().find(|guard| guard.month == month("2026-10"));
        let october = october.expect("October");
        assert_eq!(october.leaves_at, at("2026-11-05T00:00:00Z").into());
        assert_eq!(october.orders, Some(2));
        assert_eq!(october.urgent, urgent.unwrap_or(false), "{now}");
    }
    // Of a month that began later, and of one whose first order came late, there is more time.
    let guard = guarded("UTC", &["2026-10-20T12:00:00Z"], "2026-11-17T11:59:59Z").await;
    assert_eq!(guard[1].leaves_at, at("2026-11-24T12:00:00Z").into());
    assert!(!guard[1].urgent && !guard[0].urgent);
    let guard = guarded("UTC", &["2026-10-20T12:00:00Z"], "2026-11-17T12:00:00Z").await;
    assert!(guard[1].urgent && !guard[0].urgent);
}

#[tokio::test]
async fn only_a_whole_month_is_complete_and_only_while_no_order_is_added() {
    let shop = Shop::open().await;
    // Still in October: what is archived then is a part.
    let mut parts = shop.parts();
    parts.clock = Arc::new(FixedClock(at("2026-10-31T12:00:00Z")));
    let run = archive(&job(parts).await, Some("2026-10")).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    let october = |status: app::model::ArchiveStatus| status.guard[1].clone();
    let job = shop.job().await;
    let guard = october(job.status().await.expect("a status"));
    assert_eq!((guard.archive, guard.urgent), (None, true));
    assert_eq!(
        job.missing().await.expect("months").months,
        [month("2026-10")]
    );

    let run = archive(&job, Some("2026-10")).await;
    let guard = october(job.status().await.expect("a status"));
    assert_eq!(guard.archive.expect("an archive").run_id, run.run_id);
    assert!(!guard.urgent);
    assert_eq!(run.expected, Some(run.orders));
    assert_eq!(job.missing().await.expect("months").months, []);
    // The running month never is.
    archive(&job, None).await;
    assert_eq!(job.status().await.expect("a status").guard[0].archive, None);

    shop.insert(&["2026-10-30T12:00:00Z"]).await;
    let guard = guard_now(&shop).await;
    assert_eq!((&guard[1].archive, guard[1].urgent), (&None, true));
    assert_eq!(
        job.missing().await.expect("months").months,
        [month("2026-10")]
    );
}

/// A job at that time, when what is older than 35 days has left the store.
async fn later(shop: &Shop, now: DateTime<Utc>) -> ArchiveJob {
    let (store, fault) = (shop.store.clone(), Left(now - TimeDelta::days(35)));
    let mut parts = shop.parts();
    parts.store = Arc::new(FaultyStore { store, fault });
    parts.clock = Arc::new(FixedClock(now));
    job(parts).await
}

#[tokio::test]
async fn orders_that_come_late_are_noticed_although_others_have_left() {
    let shop = Shop::empty().await;
    shop.insert(&[
        "2026-10-01T12:00:00Z",
        "2026-10-10T12:00:00Z",
        "2026-10-20T00:00:00Z",
        "2026-10-31T12:00:00Z",
    ])
    .await;
    let archived = later(&shop, at("2026-11-02T03:00:00Z")).await;
    let run = archive(&archived, Some("2026-10")).await;
    assert_eq!(run.orders, 4);
    let mut daily = vec![0; 31];
    (daily[0], daily[9], daily[19], daily[30]) = (1, 1, 1, 1);
    assert_eq!(run.daily, daily);
    // Nothing is missing while they leave, one after the other.
    for hours in 0..24 * 35 {
        let now = at("2026-11-02T03:00:00Z") + TimeDelta::hours(hours);
        let missing = later(&shop, now).await.missing().await;
        assert_eq!(missing.expect("months").months, [], "{now}");
    }
    // Two are left by now, and one comes: fewer than were archived, and yet one more.
    let now = at("2026-11-23T09:30:00Z");
    shop.insert(&["2026-10-30T12:00:00Z"]).await;
    let job = later(&shop, now).await;
    assert_eq!(
        job.missing().await.expect("months").months,
        [month("2026-10")]
    );
    let guard = job.status().await.expect("a status").guard;
    assert!(guard[1].outdated && guard[1].urgent);
}

#[tokio::test]
async fn an_archive_that_is_gone_or_cut_does_not_count() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    let run = archive(&job, Some("2026-10")).await;
    let path = shop.folder.path().join("archive").join(&run.object);
    assert_eq!(job.missing().await.expect("months").months, []);
    let content = std::fs::read(&path).expect("an archive");
    std::fs::write(&path, &content[1..]).expect("a write");
    assert_eq!(
        job.missing().await.expect("months").months,
        [month("2026-10")]
    );
    std::fs::remove_file(&path).expect("a file");
    assert_eq!(
        job.missing().await.expect("months").months,
        [month("2026-10")]
    );
    let guard = guard_now(&shop).await;
    assert_eq!((&guard[1].archive, guard[1].urgent), (&None, true));
    assert!(guard[1].damaged && !guard[1].outdated);
    archive(&job, Some("2026-10")).await;
    assert_eq!(job.missing().await.expect("months").months, []);
}

#[tokio::test]
async fn only_the_archive_that_stands_there_counts() {
    let shop = Shop::empty().await;
    shop.insert(&["2026-10-01T12:00:00Z", "2026-10-31T12:00:00Z"])
        .await;
    let early = at("2026-11-02T03:00:00Z");
    let whole = archive(&later(&shop, early).await, Some("2026-10")).await;
    let content = shop.object(&whole.object).expect("an archive");
    let mut fewer = shop.parts();
    let (store, fault) = (shop.store.clone(), Left(at("2026-10-02T00:00:00Z")));
    fewer.store = Arc::new(FaultyStore { store, fault });
    fewer.clock = Arc::new(FixedClock(early));
    let corrected = archive(&job(fewer).await, Some("2026-10")).await;
    assert_eq!((whole.orders, corrected.orders), (2, 1));

    // An order comes, no more than the first run had.
    let job = later(&shop, early).await;
    assert_eq!(
        job.missing().await.expect("months").months,
        [month("2026-10")]
    );
    assert!(job.status().await.expect("a status").guard[1].outdated);
    // What the first run has stored is put back.
    let path = shop.folder.path().join("archive").join(&whole.object);
    std::fs::write(path, content).expect("a write");
    let job = later(&shop, early).await;
    assert_eq!(job.missing().await.expect("months").months, []);
    let guard = job.status().await.expect("a status").guard;
    let archive = guard[1].archive.as_ref().expect("an archive");
    assert_eq!(archive.run_id, whole.run_id);
}

/// What is certain of a shop's months.
pub async fn guard_now(shop: &Shop) -> Vec<MonthGuard> {
    let watched = Watched {
        orders: shop.store.as_ref(),
        log: shop.store.as_ref(),
        objects: Some(shop.objects.as_ref()),
        calendar: calendar("UTC"),
        now: now(),
    };
    certain(watched).await
}

async fn certain(watched: Watched<'_>) -> Vec<MonthGuard> {
    let guard = guard(watched, Patience::JOB).await.expect("a guard");
    assert!(guard.doubt.is_none(), "{:?}", guard.doubt);
    guard.months
}

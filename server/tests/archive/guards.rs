//! The retention guard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::model::{MonthGuard, RunState};
use app::ports::Archive;
use chrono::{DateTime, TimeDelta, Utc};
use server::archive::{ArchiveJob, ArchiveParts, Patience, Watched, guard};
use server::clock::FixedClock;

use crate::faulty_objects::{Fault, FaultyObjects};
use crate::faulty_store::Fault::{Away, Left, Uncounted};
use crate::faulty_store::FaultyStore;
use crate::{Shop, archive, at, calendar, job, month, now};

/// The guard of a store with one order at each of these times.
async fn guarded(zone: &str, orders: &[&str], now: &str) -> Vec<MonthGuard> {
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
async fn months_are_the_business_time_zones_and_empty_ones_are_left_out() {
    let orders = ["2026-08-31T15:30:00Z", "2026-10-30T00:00:00Z"];
    let guard = guarded("Asia/Tokyo", &orders, "2026-11-23T09:30:00Z").await;
    let months: Vec<(String, Option<u64>, bool)> = guard
        .iter()
        .map(|guard| (guard.month.to_string(), guard.orders, guard.urgent))
        .collect();
    let expected = [
        ("2026-11", Some(0), false),
        ("2026-10", Some(1), false),
        ("2026-09", Some(1), true),
    ];
    assert_eq!(
        months,
        expected.map(|(m, orders, urgent)| (m.to_owned(), orders, urgent))
    );
    let guard = guarded("UTC", &orders, "2026-11-23T09:30:00Z").await;
    let months: Vec<String> = guard.iter().map(|guard| guard.month.to_string()).collect();
    assert_eq!(months, ["2026-11", "2026-10", "2026-08"]);
}

/// In St. John's the clocks went from 00:01 on 1 November 2009 back to 23:01.
#[tokio::test]
async fn an_hour_that_comes_twice_over_midnight_is_of_one_month() {
    let orders = ["2009-11-01T03:00:00Z", "2009-12-05T12:00:00Z"];
    let guard = guarded("America/St_Johns", &orders, "2010-01-10T12:00:00Z").await;
    let months: Vec<(String, Option<u64>)> = guard
        .iter()
        .map(|guard| (guard.month.to_string(), guard.orders))
        .collect();
    let expected = [("2010-01", 0), ("2009-12", 1), ("2009-11", 1)];
    assert_eq!(
        months,
        expected.map(|(m, orders)| (m.to_owned(), Some(orders)))
    );
}

#[tokio::test]
async fn every_month_in_the_store_is_guarded_however_old() {
    let mut orders = vec!["1970-01-01T00:00:00Z".to_owned()];
    for year in 2020..=2026 {
        let months = (1..=12).map(|month| format!("{year}-{month:02}-15T12:00:00Z"));
        orders.extend(months);
    }
    // Those of the last month are still to come.
    let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
    let guard = guarded("UTC", &orders, "2026-11-23T09:30:00Z").await;
    assert_eq!(guard.len(), 1 + 6 * 12 + 11);
    assert!(guard.iter().all(|guard| guard.orders == Some(1)));
    assert!(guard[1..].iter().all(|guard| guard.urgent));
    let oldest = guard.last().expect("a month");
    assert_eq!(oldest.month, month("1970-01"));
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
async fn the_guard_is_the_last_known_while_the_store_does_not_answer() {
    let shop = Shop::open().await;
    let away = Arc::new(AtomicBool::new(true));
    let mut parts = shop.parts();
    let (store, fault) = (shop.store.clone(), Away(away.clone()));
    parts.store = Arc::new(FaultyStore { store, fault });
    let job = job(parts).await;
    let status = job.status().await.expect("a status");
    let because = Some("SQLite does not answer");
    assert_eq!(status.guard, []);
    assert_eq!(status.guard_stale_because.as_deref(), because);

    away.store(false, Ordering::Relaxed);
    let known = job.status().await.expect("a status");
    assert_eq!((known.guard.len(), &known.guard_stale_because), (2, &None));
    assert!(known.guard[1].urgent);
    // Whether its archive counts cannot be told without the store.
    archive(&job, Some("2026-10")).await;
    away.store(true, Ordering::Relaxed);
    let status = job.status().await.expect("a status");
    assert_eq!(status.guard, known.guard);
    assert_eq!(status.guard_stale_because.as_deref(), because);
    away.store(false, Ordering::Relaxed);
    let status = job.status().await.expect("a status");
    assert!(!status.guard[1].urgent);
    assert_eq!(status.guard_stale_because, None);
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
    assert!(!guard[1].outdated);
    archive(&job, Some("2026-10")).await;
    assert_eq!(job.missing().await.expect("months").months, []);
}

/// Asks a job with these parts after October was archived, and September was not: what is recorded
/// counts, what is certain is still to be done, and the doubt is said. Gives the number of October's
/// orders on the page.
async fn doubted(parts: ArchiveParts, because: &str) -> Option<u64> {
    let job = job(parts).await;
    let status = job.status().await.expect("a status");
    assert!(status.guard[1].archive.is_some(), "{because}");
    assert!(status.guard[2].archive.is_none() && status.guard[2].urgent);
    let said = status.guard_stale_because.expect("a doubt");
    assert!(said.contains(because) && !said.contains("secret"), "{said}");
    let missing = job.missing().await.expect("months");
    assert_eq!(missing.months, [month("2026-09")]);
    let doubt = missing.doubt.expect("a doubt").message;
    let start = "which months are still to be archived is not known for certain: ";
    assert!(
        doubt.starts_with(start) && doubt.ends_with(&said),
        "{doubt}"
    );
    status.guard[1].orders
}

/// Orders are not counted while the switch is set.
fn uncounted(shop: &Shop, switch: &Arc<AtomicBool>) -> ArchiveParts {
    let (store, fault) = (shop.store.clone(), Uncounted(switch.clone()));
    ArchiveParts {
        store: Arc::new(FaultyStore { store, fault }),
        ..shop.parts()
    }
}

#[tokio::test]
async fn what_was_known_to_be_outdated_stays_so_in_doubt() {
    let shop = Shop::open().await;
    let switch = Arc::new(AtomicBool::new(false));
    let job = job(uncounted(&shop, &switch)).await;
    archive(&job, Some("2026-10")).await;
    shop.insert(&["2026-10-30T12:00:00Z"]).await;
    let known = job.status().await.expect("a status");
    assert!(known.guard[1].outdated && known.guard_stale_because.is_none());
    switch.store(true, Ordering::Relaxed);
    // What ends makes the guard be asked again.
    archive(&job, None).await;
    let status = job.status().await.expect("a status");
    assert!(status.guard_stale_because.is_some());
    let (orders, before) = (None, known.guard[1].clone());
    assert_eq!(status.guard[1], MonthGuard { orders, ..before });
    switch.store(false, Ordering::Relaxed);
    archive(&job, Some("2026-10")).await;
    let status = job.status().await.expect("a status");
    assert!(status.guard[1].archive.is_some() && status.guard_stale_because.is_none());
}

#[tokio::test]
async fn what_cannot_be_counted_or_found_is_in_doubt() {
    let shop = Shop::open().await;
    shop.insert(&["2026-09-30T12:00:00Z"]).await;
    archive(&shop.job().await, Some("2026-10")).await;
    let mut parts = shop.parts();
    let (objects, fault) = (shop.objects.clone(), Fault::Read);
    parts.objects = Arc::new(FaultyObjects { objects, fault });
    assert_eq!(doubted(parts, "broken on purpose").await, Some(188));

    let parts = uncounted(&shop, &Arc::new(AtomicBool::new(true)));
    assert_eq!(doubted(parts, "SQLite does not answer").await, None);
}

#[tokio::test]
async fn where_nothing_was_archived_nothing_is_in_doubt() {
    let shop = Shop::open().await;
    let parts = uncounted(&shop, &Arc::new(AtomicBool::new(true)));
    let missing = job(parts).await.missing().await.expect("months");
    assert_eq!(missing.months, [month("2026-10")]);
    assert_eq!(missing.doubt, None);
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

async fn guard_now(shop: &Shop) -> Vec<MonthGuard> {
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

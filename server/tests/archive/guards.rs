//! The retention guard.

use std::fs;
use std::sync::Arc;

use app::model::{ArchiveRun, MonthGuard, MonthState};
use app::ports::Archive;
use server::archive::{ArchiveParts, Watched, guard};
use server::clock::FixedClock;
use server::store::{OrderStore, RunLog};

use crate::faulty_store::{Fault, FaultyStore};
use crate::{OCTOBER, Shop, archive, at, calendar, job, month, now};

/// The guard of a store with one order at each of these times.
async fn guarded(zone: &str, orders: &[&str], now: &str) -> Vec<MonthGuard> {
    let shop = Shop::empty().await;
    shop.insert(orders).await;
    let watched = Watched {
        orders: shop.store.as_ref(),
        log: shop.store.as_ref(),
        calendar: calendar(zone),
        now: at(now),
    };
    guard(watched).await
}

fn open(leaves_at: &str, urgent: bool) -> MonthState {
    MonthState::Open {
        leaves_at: at(leaves_at).into(),
        urgent,
    }
}

#[tokio::test]
async fn the_running_month_is_in_progress_even_without_orders() {
    let expected = MonthGuard {
        month: month("2026-11"),
        state: MonthState::InProgress,
    };
    assert_eq!(
        guarded("UTC", &[], "2026-11-23T09:30:00Z").await,
        [expected]
    );
}

#[tokio::test]
async fn a_month_is_urgent_from_a_week_before_its_first_order_leaves() {
    let orders = ["2026-10-01T00:00:00Z", "2026-10-31T23:59:59Z"];
    // 35 days after the first of October is the fifth of November.
    for now in ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"] {
        let guard = guarded("UTC", &orders, now).await;
        assert_eq!(guard[1].state, open("2026-11-05T00:00:00Z", true), "{now}");
    }
    // A month whose first order came late has more time.
    for (now, urgent) in [
        ("2026-11-17T11:59:59Z", false),
        ("2026-11-17T12:00:00Z", true),
    ] {
        let guard = guarded("UTC", &["2026-10-20T12:00:00Z"], now).await;
        assert_eq!(guard[1].state, open("2026-11-24T12:00:00Z", urgent));
    }
}

/// What is said of October now, by the clock of the shop.
async fn october(shop: &Shop) -> MonthState {
    let guard = shop.job().await.status().await.expect("a status").guard;
    assert_eq!(guard[1].month, month("2026-10"));
    guard[1].state.clone()
}

fn archived(run: &ArchiveRun, since: Option<u64>) -> MonthState {
    MonthState::Archived {
        run_id: run.run_id.clone(),
        verified_at: run.verified_at.expect("a time"),
        since,
    }
}

#[tokio::test]
async fn only_a_whole_month_is_archived() {
    let shop = Shop::open().await;
    // Still in October: what is archived then is a part.
    let parts = ArchiveParts {
        clock: Arc::new(FixedClock(at("2026-10-31T12:00:00Z"))),
        ..shop.parts()
    };
    archive(&job(parts).await, Some("2026-10")).await;
    assert!(matches!(
        october(&shop).await,
        MonthState::Open { urgent: true, .. }
    ));
    let run = archive(&shop.job().await, Some("2026-10")).await;
    assert_eq!(october(&shop).await, archived(&run, None));
    // The object is not asked for: that is what verifying is for.
    fs::remove_file(shop.folder.path().join("archive").join(OCTOBER)).expect("a file");
    assert_eq!(october(&shop).await, archived(&run, None));
}

#[tokio::test]
async fn a_run_of_an_earlier_version_counts() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    let old = ArchiveRun {
        stored_as: None,
        ..run
    };
    shop.store.record(&old).await.expect("a record");
    assert_eq!(october(&shop).await, archived(&old, None));
}

#[tokio::test]
async fn a_run_that_was_found_damaged_does_not_count() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    let run = archive(&job, Some("2026-10")).await;
    let own = run.stored_as.as_ref().expect("an object");
    fs::remove_file(shop.folder.path().join("archive").join(own)).expect("a file");
    job.verify(&run.run_id).await.expect("a report");
    assert!(matches!(october(&shop).await, MonthState::Open { .. }));
}

#[tokio::test]
async fn orders_that_have_come_since_are_counted_while_the_month_is_whole() {
    let shop = Shop::empty().await;
    shop.insert(&["2026-10-01T12:00:00Z", "2026-10-31T12:00:00Z"])
        .await;
    let parts = || ArchiveParts {
        clock: Arc::new(FixedClock(at("2026-11-02T03:00:00Z"))),
        ..shop.parts()
    };
    let run = archive(&job(parts()).await, Some("2026-10")).await;
    for since in 0..3 {
        let status = job(parts()).await.status().await.expect("a status");
        assert_eq!(status.guard[1].state, archived(&run, Some(since)));
        shop.insert(&[&format!("2026-10-30T12:00:0{since}Z")]).await;
    }
    // Three weeks later the first orders may have left.
    assert_eq!(october(&shop).await, archived(&run, None));

    let (store, fault) = (shop.store.clone(), Fault::Uncounted);
    let uncounted = ArchiveParts {
        store: Arc::new(FaultyStore { store, fault }),
        ..parts()
    };
    let status = job(uncounted).await.status().await.expect("a status");
    let because = "SQLite does not answer".to_owned();
    assert_eq!(status.guard[1].state, MonthState::Unknown { because });
}

#[tokio::test]
async fn synthetic_orders_are_no_archive_of_real_ones() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    assert_eq!(october(&shop).await, archived(&run, None));
    shop.store.adopt().await.expect("adoption");
    shop.insert(&["2026-10-30T12:00:00Z"]).await;
    assert_eq!(october(&shop).await, open("2026-12-04T12:00:00Z", false));
}

#[tokio::test]
async fn the_guard_of_the_page_follows_the_runs_of_the_same_server() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    let state = async || job.status().await.expect("a status").guard[1].state.clone();
    assert!(matches!(state().await, MonthState::Open { .. }));
    let run = archive(&job, Some("2026-10")).await;
    while state().await != archived(&run, None) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn months_are_the_business_time_zones_and_empty_ones_are_left_out() {
    let orders = ["2026-08-31T15:30:00Z", "2026-10-30T00:00:00Z"];
    for (zone, expected) in [
        ("Asia/Tokyo", ["2026-11", "2026-10", "2026-09"]),
        ("UTC", ["2026-11", "2026-10", "2026-08"]),
    ] {
        let guard = guarded(zone, &orders, "2026-11-23T09:30:00Z").await;
        let months = guard.iter().map(|guard| guard.month.to_string());
        assert_eq!(months.collect::<Vec<_>>(), expected);
    }
}

/// In St. John's the clocks went from 00:01 on 1 November 2009 back to 23:01.
#[tokio::test]
async fn an_hour_that_comes_twice_over_midnight_is_of_one_month() {
    let orders = ["2009-11-01T03:00:00Z", "2009-12-05T12:00:00Z"];
    let guard = guarded("America/St_Johns", &orders, "2010-01-10T12:00:00Z").await;
    let months = guard.iter().map(|guard| guard.month.to_string());
    assert_eq!(
        months.collect::<Vec<_>>(),
        ["2010-01", "2009-12", "2009-11"]
    );
}

#[tokio::test]
async fn every_month_in_the_store_is_guarded_however_old() {
    let mut orders = vec!["1970-01-01T00:00:00Z".to_owned()];
    for year in 2020..=2026 {
        let months = (1..=12).map(|month| format!("{year}-{month:02}-15T12:00:00Z"));
        orders.extend(months);
    }
    let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
    let guard = guarded("UTC", &orders, &now().to_rfc3339()).await;
    assert_eq!(guard.len(), 1 + 6 * 12 + 11);
    // October's order has time until 19 November.
    assert!(guard[1..].iter().all(MonthGuard::is_urgent));
    assert_eq!(guard.last().expect("a month").month, month("1970-01"));
}

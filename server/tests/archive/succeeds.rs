//! Runs that succeed, and what they leave behind.

use std::io::Cursor;

use app::api::ErrorKind;
use app::model::{ArchiveRun, Filter, RunState, StartedBy, Timestamp};
use app::ports::Archive;
use server::archive::ArchiveParts;
use server::calendar::UtcWindow;
use server::import::import;
use server::order::Order;
use server::store::{Dimension, OrderStore, StatusRules};

use crate::{
    NOVEMBER, OCTOBER, RUN_INFO, Shop, archive, calendar, job, month, now, own, receipt, runs,
};

#[tokio::test]
async fn the_archive_holds_exactly_the_months_orders() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, None).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    let content = shop.object(NOVEMBER).expect("an archive");
    assert!(content == shop.lines("2026-11", "UTC").await);
    assert_eq!(run.orders, content.lines().count() as u64);
    assert!(run.orders > 200);
    assert_eq!(run.bytes, content.len() as u64);
    assert_eq!(run.unreadable, 0);
    let checksum = format!("{:08x}", crc32c::crc32c(content.as_bytes()));
    assert_eq!(run.crc32c.as_deref(), Some(checksum.as_str()));
    for line in content.lines() {
        assert_eq!(Order::from_json(line).expect("an order").document, line);
    }
    let own = run.stored_as.expect("an object of its own");
    assert_eq!(own, self::own(&run.run_id));
    assert!(shop.object(&own).as_deref() == Some(content.as_str()));
    assert!(run.published);
    let mut names = [RUN_INFO, &receipt(&run.run_id), NOVEMBER, &own].map(str::to_owned);
    names.sort();
    assert_eq!(shop.names(), names);
    let spool = std::fs::read_dir(shop.folder.path().join("spool"));
    assert_eq!(spool.expect("a folder").count(), 0);
}

#[tokio::test]
async fn the_receipt_says_what_there_is() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    let run = archive(&job, Some("2026-10")).await;
    assert_eq!(run.month, month("2026-10"));
    assert_eq!(run.object, OCTOBER);
    let file = shop.folder.path().join("archive").join(own(&run.run_id));
    assert_eq!(
        run.location,
        file.canonicalize().expect("a file").display().to_string()
    );
    let time = |text| Timestamp::parse(text).expect("a time");
    assert_eq!(run.window.from, time("2026-10-01T00:00:00Z"));
    assert_eq!(run.window.to, time("2026-11-01T00:00:00Z"));
    assert_eq!(run.started_at, now().into());
    assert_eq!(run.verified_at, Some(now().into()));
    assert_eq!(run.finished_at, Some(now().into()));
    assert!(run.generation.expect("a generation") > 0);
    assert_eq!(run.run_id.len(), 26);
    assert_eq!((run.by, &run.error), (Some(StartedBy::Page), &None));
    assert!(run.published);
    // The receipt is older than the publication.
    let receipt = shop.receipt(&run.run_id).expect("a receipt");
    let published = ArchiveRun {
        published: true,
        ..receipt
    };
    assert_eq!(published, run);
    assert_eq!(runs(&job).await, [run]);
}

#[tokio::test]
async fn run_info_is_about_the_run_that_was_published_last() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    let run = archive(&job, Some("2026-10")).await;
    let info = shop.run_info().await;
    assert_eq!(info["date"], "2026-10-31");
    assert_eq!(info["orders_exported"], run.orders);
    assert_eq!(info["run_id"], run.run_id);
    assert_eq!(info["crc32c"], run.crc32c.expect("a checksum"));
    archive(&job, None).await;
    assert_eq!(shop.run_info().await["date"], "2026-11-23");
}

#[tokio::test]
async fn months_are_those_of_the_business_time_zone() {
    let shop = Shop::open().await;
    let zone = "Pacific/Auckland";
    let job = job(ArchiveParts {
        calendar: calendar(zone),
        ..shop.parts()
    })
    .await;
    let run = archive(&job, Some("2026-10")).await;
    let content = shop.object(OCTOBER).expect("an archive");
    assert!(content == shop.lines("2026-10", zone).await);
    assert!(content != shop.lines("2026-10", "UTC").await);
    assert!(run.window.to.to_string().ends_with("+13:00"));
}

#[tokio::test]
async fn an_archive_can_be_loaded_again() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    archive(&job, Some("2026-10")).await;
    archive(&job, Some("2026-11")).await;
    let copy = Shop::empty().await;
    for object in [OCTOBER, NOVEMBER] {
        let content = shop.object(object).expect("an archive");
        let report = import(Cursor::new(content), copy.store.as_ref(), |_| {}).await;
        assert_eq!(report.expect("an import").bad, 0);
    }
    assert_eq!(copy.store.count().await.expect("a count"), 500);
    let month = UtcWindow::last_days(30, now());
    let (rules, all) = (StatusRules::default(), Filter::default());
    for dimension in [Dimension::Category, Dimension::Product] {
        let copied = copy.store.by(&rules, dimension, &all, month).await;
        let groups = shop.store.by(&rules, dimension, &all, month).await;
        assert_eq!(copied.expect("groups"), groups.expect("groups"));
    }
}

#[tokio::test]
async fn archiving_again_keeps_both() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    let first = archive(&job, None).await;
    let content = shop.object(&own(&first.run_id)).expect("an object");
    shop.insert(&["2026-11-02T00:00:00Z"]).await;
    let second = archive(&job, None).await;
    assert_ne!(second.crc32c, first.crc32c);
    assert!(shop.object(&own(&first.run_id)).as_deref() == Some(content.as_str()));
    assert!(shop.object(NOVEMBER) == shop.object(&own(&second.run_id)));
    assert_eq!(shop.run_info().await["run_id"], second.run_id);
    assert_eq!(runs(&job).await, [second, first]);
    shop.is_true();
}

#[tokio::test]
async fn a_month_without_orders_is_an_empty_archive() {
    let shop = Shop::empty().await;
    let run = archive(&shop.job().await, None).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    assert_eq!((run.orders, run.bytes), (0, 0));
    assert_eq!(run.crc32c.as_deref(), Some("00000000"));
    assert_eq!(shop.object(NOVEMBER).as_deref(), Some(""));
    assert_eq!(shop.run_info().await["orders_exported"], 0);
}

#[tokio::test]
async fn months_that_cannot_be_archived_are_refused_in_words() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    for (wrong, words) in [
        ("2026-12", "December 2026 is still to come"),
        (
            "2026-09",
            "there are no orders of September 2026: the oldest are of October 2026",
        ),
        (
            "1970-01",
            "there are no orders of January 1970: the oldest are of October 2026",
        ),
    ] {
        let error = job.start(Some(month(wrong))).await.expect_err("a refusal");
        assert_eq!(
            (error.kind, error.message.as_str()),
            (ErrorKind::Invalid, words)
        );
    }
    assert_eq!(runs(&job).await, []);

    let empty = Shop::empty().await;
    let started = empty.job().await.start(Some(month("2026-10"))).await;
    assert_eq!(
        started.expect_err("a refusal").message,
        "there are no orders of October 2026"
    );
}

#[tokio::test]
async fn an_order_before_the_first_month_hides_no_other() {
    let shop = Shop::empty().await;
    // In New York it is still 1969.
    shop.insert(&["1970-01-01T00:00:00Z", "2026-10-10T12:00:00Z"])
        .await;
    let mut parts = shop.parts();
    parts.calendar = calendar("America/New_York");
    let run = archive(&job(parts).await, Some("2026-10")).await;
    assert_eq!((run.state, run.orders), (RunState::Succeeded, 1));
}

#[tokio::test]
async fn the_status_offers_months_and_shows_twenty_runs() {
    let shop = Shop::open().await;
    let job = shop.job().await;
    let mut last = archive(&job, Some("2026-10")).await;
    for _ in 0..21 {
        last = archive(&job, Some("2026-10")).await;
    }
    let status = job.status().await.expect("a status");
    assert_eq!(status.months, [month("2026-11"), month("2026-10")]);
    assert_eq!(status.current, None);
    assert_eq!(status.runs.len(), 20);
    assert_eq!(status.runs[0], last);
    assert!(status.runs.is_sorted_by(|a, b| a.run_id > b.run_id));
    assert!(status.destination.ends_with("archive"));
}

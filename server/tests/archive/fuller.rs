//! Archives whose orders have left the order store since.

use std::sync::Arc;

use app::model::{ArchiveRun, RunState};
use chrono::{DateTime, Utc};
use server::clock::FixedClock;
use server::store::OrderStore;

use crate::faulty_objects::{self, FaultyObjects};
use crate::faulty_store::{Fault, FaultyStore};
use crate::{OCTOBER, RUN_INFO, Shop, archive, at, job, now};

/// A store with three orders of October that are somebody's own.
async fn shop() -> Shop {
    let shop = Shop::empty().await;
    shop.store.adopt().await.expect("a write");
    shop.insert(&[
        "2026-10-01T12:00:00Z",
        "2026-10-10T12:00:00Z",
        "2026-10-31T12:00:00Z",
    ])
    .await;
    shop
}

/// Archives October at that time, when the store has so many of its orders left.
async fn october(shop: &Shop, left: usize, at: DateTime<Utc>) -> ArchiveRun {
    let mut parts = shop.parts();
    let (store, fault) = (shop.store.clone(), Fault::Left(left));
    parts.store = Arc::new(FaultyStore { store, fault });
    parts.clock = Arc::new(FixedClock(at));
    archive(&job(parts).await, Some("2026-10")).await
}

#[tokio::test]
async fn an_archive_is_not_replaced_by_what_is_left_of_its_orders() {
    let shop = shop().await;
    let whole = october(&shop, 3, at("2026-11-02T03:00:00Z")).await;
    assert_eq!((whole.state, whole.orders), (RunState::Succeeded, 3));
    let before = (shop.object(OCTOBER), shop.object(RUN_INFO));

    let rest = october(&shop, 2, now()).await;
    assert_eq!(rest.state, RunState::Failed);
    let words = rest.error.expect("words");
    let start = "the archive that is there holds 3 orders, and the order store only 2 now";
    assert!(words.starts_with(start), "{words}");
    assert_eq!((shop.object(OCTOBER), shop.object(RUN_INFO)), before);
    assert_eq!(shop.objects(), [RUN_INFO, OCTOBER]);
    let job = shop.job().await;
    assert_eq!(job.missing().await.expect("months"), []);

    // As many are no loss, nor are those that somebody has moved away.
    assert_eq!(october(&shop, 3, now()).await.state, RunState::Succeeded);
    let path = shop.folder.path().join("archive").join(OCTOBER);
    std::fs::remove_file(path).expect("a file");
    assert_eq!(october(&shop, 2, now()).await.state, RunState::Succeeded);
}

#[tokio::test]
async fn an_archive_without_a_receipt_is_not_replaced_either() {
    let shop = shop().await;
    let mut parts = shop.parts();
    let objects = shop.objects.clone();
    let fault = faulty_objects::Fault::Write("run_info");
    parts.objects = Arc::new(FaultyObjects { objects, fault });
    let failed = archive(&job(parts).await, Some("2026-10")).await;
    assert_eq!(failed.state, RunState::Failed);
    let before = shop.object(OCTOBER);
    assert!(before.is_some());
    assert_eq!(october(&shop, 2, now()).await.state, RunState::Failed);
    assert_eq!(shop.object(OCTOBER), before);
    assert_eq!(october(&shop, 3, now()).await.state, RunState::Succeeded);
}

#[tokio::test]
async fn fewer_orders_are_a_correction_until_the_first_ones_leave() {
    let shop = shop().await;
    for (left, now, state) in [
        (3, "2026-11-02T03:00:00Z", RunState::Succeeded),
        (2, "2026-11-04T23:59:59Z", RunState::Succeeded),
        (1, "2026-11-05T00:00:00Z", RunState::Failed),
    ] {
        assert_eq!(october(&shop, left, at(now)).await.state, state, "{now}");
    }
}

#[tokio::test]
async fn an_archive_of_synthetic_orders_is_replaced_and_none_of_ones_own() {
    let shop = Shop::open().await;
    let synthetic = archive(&shop.job().await, Some("2026-10")).await;
    assert!(synthetic.synthetic && synthetic.orders > 3);
    assert_eq!(shop.job().await.missing().await.expect("months"), []);

    shop.store.adopt().await.expect("a write");
    shop.insert(&["2026-10-10T12:00:00Z"]).await;
    let job = shop.job().await;
    assert_eq!(
        job.missing().await.expect("months"),
        [crate::month("2026-10")]
    );
    let own = archive(&job, Some("2026-10")).await;
    assert_eq!((own.state, own.orders), (RunState::Succeeded, 1));
    assert!(!own.synthetic);
    assert_eq!(job.missing().await.expect("months"), []);
}

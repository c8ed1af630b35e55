//! The retention guard while a store does not tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::model::MonthGuard;
use app::ports::Archive;
use server::archive::ArchiveParts;

use crate::faulty_objects::{Fault, FaultyObjects};
use crate::faulty_store::Fault::{Away, Uncounted};
use crate::faulty_store::FaultyStore;
use crate::{Shop, archive, job, month};

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

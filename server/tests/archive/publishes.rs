//! Which run is at the well-known path.

use std::fs;
use std::sync::Arc;

use app::model::{ArchiveRun, RunState};
use server::archive::ArchiveParts;
use server::store::{OrderStore, RunLog};

use crate::faulty_objects::{DATED, Fault, RUN_INFO as RUN_INFO_};
use crate::faulty_store::{self, FaultyStore};
use crate::{OCTOBER, RUN_INFO, Shop, archive, at, job, own};

/// A run of October with an order less than the store has.
async fn fewer(shop: &Shop) -> ArchiveRun {
    let fault = faulty_store::Fault::Left(at("2026-10-25T00:00:00Z"));
    let store = shop.store.clone();
    let parts = ArchiveParts {
        store: Arc::new(FaultyStore { store, fault }),
        ..shop.parts()
    };
    archive(&job(parts).await, Some("2026-10")).await
}

/// The run has succeeded, and is not published because of this.
fn is_kept(shop: &Shop, run: &ArchiveRun, because: &str) {
    assert_eq!((run.state, run.published), (RunState::Succeeded, false));
    let words = run.unpublished_because.as_ref().expect("a reason");
    assert!(words.starts_with(because), "{words}");
    let advice = format!("; server archive --publish {} publishes it", run.run_id);
    assert!(words.ends_with(&advice), "{words}");
    assert!(shop.object(&own(&run.run_id)).is_some());
    shop.is_true();
}

#[tokio::test]
async fn a_run_with_fewer_orders_is_kept_and_not_published() {
    let shop = Shop::open().await;
    let first = archive(&shop.job().await, Some("2026-10")).await;
    let before = (shop.object(OCTOBER), shop.object(RUN_INFO));
    let second = fewer(&shop).await;
    assert!(second.orders < first.orders);
    let because = format!(
        "this run has {} orders, fewer than the {} of run {}, which is published",
        second.orders, first.orders, first.run_id
    );
    is_kept(&shop, &second, &because);
    assert_eq!((shop.object(OCTOBER), shop.object(RUN_INFO)), before);

    // Somebody decides.
    let job = shop.job().await;
    let published = job.publish(&second.run_id).await.expect("an answer");
    let published = published.expect("a run");
    assert!(published.published && published.unpublished_because.is_none());
    assert!(shop.object(OCTOBER) == shop.object(&own(&second.run_id)));
    assert_eq!(shop.run_info().await["run_id"], second.run_id);
    let recorded = shop.store.find(&second.run_id).await.expect("an answer");
    assert_eq!(recorded, Some(published));
    // The next run compares with what is published now.
    let third = archive(&job, Some("2026-10")).await;
    assert!(third.published && third.orders > second.orders);
    shop.is_true();
}

#[tokio::test]
async fn what_no_run_explains_stays() {
    let shop = Shop::open().await;
    let path = shop.folder.path().join("archive").join(OCTOBER);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, "{}\n").expect("a write");
    let run = archive(&shop.job().await, Some("2026-10")).await;
    is_kept(&shop, &run, &format!("{OCTOBER} was written by no run"));
    assert_eq!(shop.object(OCTOBER).as_deref(), Some("{}\n"));
    assert_eq!(shop.object(RUN_INFO), None);
    shop.job().await.publish(&run.run_id).await.expect("a run");
    assert!(shop.object(OCTOBER) == shop.object(&own(&run.run_id)));
}

#[tokio::test]
async fn the_archive_of_an_earlier_version_stays() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    let old = ArchiveRun {
        stored_as: None,
        ..run
    };
    shop.store.record(&old).await.expect("a record");
    shop.insert(&["2026-10-30T12:00:00Z"]).await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    is_kept(&shop, &run, &format!("{OCTOBER} was written by no run"));
}

#[tokio::test]
async fn the_same_content_counts_as_published() {
    let shop = Shop::open().await;
    let path = shop.folder.path().join("archive").join(OCTOBER);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, shop.lines("2026-10", "UTC").await).expect("a write");
    let run = archive(&shop.job().await, Some("2026-10")).await;
    assert!(run.published, "{:?}", run.unpublished_because);
    assert_eq!(shop.run_info().await["run_id"], run.run_id);
}

#[tokio::test]
async fn real_orders_replace_synthetic_ones_and_never_the_other_way() {
    let shop = Shop::open().await;
    let synthetic = archive(&shop.job().await, Some("2026-10")).await;
    assert!(synthetic.synthetic && synthetic.orders > 1);
    shop.store.adopt().await.expect("adoption");
    shop.insert(&["2026-10-30T12:00:00Z"]).await;
    let real = archive(&shop.job().await, Some("2026-10")).await;
    assert_eq!((real.orders, real.published), (1, true));

    let other = Shop::open().await;
    let mut parts = other.parts();
    (parts.objects, parts.log) = (shop.objects.clone(), shop.store.clone());
    let run = archive(&job(parts).await, Some("2026-10")).await;
    is_kept(&shop, &run, "these orders are synthetic");
}

#[tokio::test]
async fn a_publication_that_fails_is_no_failed_run() {
    for part in [DATED, RUN_INFO_] {
        let shop = Shop::open().await;
        let run = archive(&job(shop.faulty(Fault::Put(part))).await, Some("2026-10")).await;
        let because = match part {
            DATED => "the archive could not be published: ",
            _ => "run_info.json could not be published: ",
        };
        is_kept(&shop, &run, because);
        assert_eq!(shop.object(RUN_INFO), None);
        shop.job().await.publish(&run.run_id).await.expect("a run");
        assert_eq!(shop.run_info().await["run_id"], run.run_id);
        shop.is_true();
    }
}

#[tokio::test]
async fn only_a_run_that_is_there_can_be_published() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    let record = async |id: &str, change: fn(&mut ArchiveRun)| {
        let mut other = run.clone();
        other.run_id = id.to_owned();
        change(&mut other);
        shop.store.record(&other).await.expect("a record");
    };
    record("01JD8Q0Z3W6K5T9V2N4R7X1B8A", |run| {
        run.state = RunState::Failed;
    })
    .await;
    record("01JD8Q0Z3W6K5T9V2N4R7X1B8D", |run| {
        run.stored_as = Some(own(&run.run_id));
    })
    .await;
    record("01JD8Q0Z3W6K5T9V2N4R7X1B8E", |run| run.stored_as = None).await;
    record(&run.run_id, |run| run.bytes += 1).await;
    let names = shop.names();
    let (dated, info) = (shop.object(OCTOBER), shop.object(RUN_INFO));
    let job = shop.job().await;
    for (run_id, words) in [
        ("01JD8Q0Z3W6K5T9V2N4R7X1B8C", "there is no run 01JD8Q"),
        ("nonsense", "\"nonsense\" is not a run id"),
        ("01JD8Q0Z3W6K5T9V2N4R7X1B8A", "it did not succeed"),
        ("01JD8Q0Z3W6K5T9V2N4R7X1B8D", "is not in the archive"),
        ("01JD8Q0Z3W6K5T9V2N4R7X1B8E", "earlier version"),
        (&run.run_id, "is not what the receipt says"),
    ] {
        let refused = job
            .publish(run_id)
            .await
            .expect_err("a refusal")
            .to_string();
        assert!(refused.contains(words), "{refused}");
        assert_eq!(refused.lines().count(), 1, "{refused}");
    }
    assert_eq!(shop.names(), names);
    assert_eq!((shop.object(OCTOBER), shop.object(RUN_INFO)), (dated, info));
}

#[tokio::test]
async fn the_receipt_is_enough_to_publish() {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    fs::remove_file(shop.folder.path().join("archive").join(OCTOBER)).expect("a file");
    let other = Shop::empty().await;
    let mut parts = other.parts();
    parts.objects = shop.objects.clone();
    let published = job(parts).await.publish(&run.run_id).await;
    assert_eq!(published.expect("an answer"), Some(run.clone()));
    assert!(shop.object(OCTOBER) == shop.object(&own(&run.run_id)));
}

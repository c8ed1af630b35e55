//! Several readers at once.

use app::model::{Filter, Source};
use app::ports::{Dashboard, Read};
use futures::future::join_all;

use super::seen::seen;
use crate::support::draft::Draft;
use crate::support::lesson;
use crate::support::stage::Stage;

async fn lesson() -> Stage {
    Stage::open("UTC", lesson::NOW, lesson::orders()).await
}

#[tokio::test]
async fn concurrent_misses_of_one_key_are_one_query() {
    let stage = lesson().await;
    let held = stage.store.hold("by_category");
    let all = Filter::default();
    let readers =
        join_all((0..1_000).map(|_| stage.dashboard.category_revenue(&all, Read::Cached)));
    // Polled after the readers: by then each has found nothing in the cache.
    let release = async {
        held.arrived.await.expect("a query");
        held.release.send(()).expect("somebody who waits");
    };
    let (answers, ()) = futures::join!(readers, release);

    assert_eq!(stage.store.calls("by_category"), 1);
    let answers: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.expect("categories"))
        .collect();
    assert!(
        answers
            .iter()
            .all(|answer| answer.data == answers[0].data && answer.data.len() == 4)
    );
    assert_eq!(answers[0].source, Source::Database);
    let next = stage
        .dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(next.expect("categories").source, Source::Cache);
}

#[tokio::test]
async fn other_keys_do_not_wait() {
    let stage = lesson().await;
    let held = stage.store.hold("by_category");
    let dashboard = stage.dashboard.clone();
    let slow = tokio::spawn(async move {
        dashboard
            .category_revenue(&Filter::default(), Read::Cached)
            .await
    });
    held.arrived.await.expect("a query");
    let active = stage
        .dashboard
        .active_orders(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(active.expect("active orders").data.pending, 29);
    held.release.send(()).expect("somebody who waits");
    slow.await.expect("a task").expect("categories");
}

#[tokio::test]
async fn a_reader_who_goes_away_leaves_the_computation_to_the_next() {
    let stage = lesson().await;
    let held = stage.store.hold("by_category");
    let dashboard = stage.dashboard.clone();
    let gone = tokio::spawn(async move {
        dashboard
            .category_revenue(&Filter::default(), Read::Cached)
            .await
    });
    held.arrived.await.expect("a query");
    gone.abort();
    assert!(gone.await.expect_err("an end").is_cancelled());
    let all = Filter::default();
    let next = stage.dashboard.category_revenue(&all, Read::Cached);
    let release = async { held.release.send(()).expect("somebody who waits") };
    let (answer, ()) = futures::join!(next, release);
    assert_eq!(answer.expect("categories").source, Source::Database);
    assert_eq!(stage.store.calls("by_category"), 1);
}

#[tokio::test]
async fn refreshes_wait_for_the_query_under_way_and_share_the_next_one() {
    let stage = lesson().await;
    let held = stage.store.hold("active");
    let read = |read| {
        let dashboard = stage.dashboard.clone();
        tokio::spawn(async move { dashboard.active_orders(&Filter::default(), read).await })
    };
    let older = read(Read::Cached);
    held.arrived.await.expect("a query");
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").status("pending");
    stage.add(vec![order.order()]).await;
    let refreshes: Vec<_> = (0..3).map(|_| read(Read::Fresh)).collect();
    tokio::task::yield_now().await;
    assert_eq!(stage.store.calls("active"), 1);
    held.release.send(()).expect("somebody who waits");
    let older = older.await.expect("a task").expect("active orders");
    assert_eq!(older.data.pending, 29);
    for refresh in refreshes {
        let newer = refresh.await.expect("a task").expect("active orders");
        assert_eq!((newer.data.pending, newer.source), (30, Source::Database));
    }
    assert_eq!(stage.store.calls("active"), 2);
    let cached = read(Read::Cached).await.expect("a task");
    let cached = cached.expect("active orders");
    assert_eq!((cached.data.pending, cached.source), (30, Source::Cache));
}

#[tokio::test]
async fn two_refreshes_at_once_say_the_same() {
    let stage = lesson().await;
    let seen = seen(&stage).await;
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").total(12.34);
    stage.add(vec![order.order()]).await;
    let (first, second) = futures::join!(
        stage.dashboard.refresh(Some(seen.clone())),
        stage.dashboard.refresh(Some(seen)),
    );
    let first = first.expect("a report");
    assert_eq!(first.sentence(), "+1 order, +$12.34 since 10:37:21");
    assert_eq!(first, second.expect("a report"));
}

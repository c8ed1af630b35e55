//! A store that does not answer.

use app::api::ErrorKind;
use app::model::{Filter, Source};
use app::ports::{Dashboard, Read};

use super::seen::seen;
use crate::support::lesson;
use crate::support::stage::Stage;

async fn lesson() -> Stage {
    Stage::open("UTC", lesson::NOW, lesson::orders()).await
}

#[tokio::test]
async fn an_error_is_not_cached() {
    let stage = lesson().await;
    stage.store.fail(&["by_category"]);
    for calls in 1..=2 {
        let answer = stage
            .dashboard
            .category_revenue(&Filter::default(), Read::Cached)
            .await;
        let error = answer.expect_err("a failure");
        assert_eq!(error.kind, ErrorKind::Unavailable);
        assert_eq!(
            error.message,
            "SQLite does not answer, and nothing is cached"
        );
        assert_eq!(stage.store.calls("by_category"), calls);
    }
    stage.store.fail(&[]);
    let answer = stage
        .dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    let answer = answer.expect("categories");
    assert_eq!((answer.source, answer.data.len()), (Source::Database, 4));
}

#[tokio::test]
async fn an_error_leaves_the_other_answers_alone() {
    let stage = lesson().await;
    stage.store.fail(&["by_product"]);
    let read = Read::Cached;
    let answer = stage.dashboard.top_products(&Filter::default(), read).await;
    answer.expect_err("a failure");
    let expected = lesson::expected();
    let active = stage
        .dashboard
        .active_orders(&Filter::default(), read)
        .await;
    let pending = active.expect("active orders").data.pending;
    assert_eq!(pending, expected["active_orders"]["pending"]);
    assert_eq!(
        stage
            .dashboard
            .category_revenue(&Filter::default(), read)
            .await
            .expect("categories")
            .data
            .len(),
        4
    );
}

#[tokio::test]
async fn a_failed_recomputation_keeps_what_is_cached() {
    let stage = lesson().await;
    let before = stage
        .dashboard
        .today(&Filter::default(), Read::Cached)
        .await
        .expect("today");
    stage.store.fail(&["totals"]);
    let error = stage.dashboard.today(&Filter::default(), Read::Fresh).await;
    // Something is cached: to say that nothing is would be wrong.
    assert_eq!(
        error.expect_err("a failure").message,
        "SQLite does not answer"
    );
    let cached = stage
        .dashboard
        .today(&Filter::default(), Read::Cached)
        .await
        .expect("today");
    assert_eq!((cached.data, cached.source), (before.data, Source::Cache));
}

#[tokio::test]
async fn a_panel_that_fails_does_not_hold_up_a_refresh() {
    let stage = lesson().await;
    let seen = seen(&stage).await;
    let before = stage.store.calls("orders");
    stage.store.fail(&["by_product"]);
    let report = stage.dashboard.refresh(Some(seen)).await;
    let report = report.expect("a report");
    assert_eq!(
        report.sentence(),
        "Nothing changed since 10:37:21. Not refreshed: Top products"
    );
    assert_eq!(stage.store.calls("orders"), before + 1);
}

#[tokio::test]
async fn a_refresh_that_cannot_count_says_so() {
    let stage = lesson().await;
    let seen = seen(&stage).await;
    stage.store.fail(&["totals"]);
    let error = stage.dashboard.refresh(Some(seen)).await;
    let error = error.expect_err("a failure");
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Unavailable, "SQLite does not answer")
    );
}

#[tokio::test]
async fn the_status_names_the_store_that_is_down() {
    let stage = lesson().await;
    stage.store.fail(&["ping", "is_demonstration"]);
    let status = stage.dashboard.status().await;
    assert_eq!(status.time_zone, "UTC");
    assert_eq!(status.now.to_string(), "2026-11-22T10:37:21.000+00:00");
    assert!(!status.demonstration);
    let up: Vec<bool> = status.sources.iter().map(|source| source.is_up()).collect();
    assert_eq!(up, [false, true, true]);
    let names: Vec<&str> = status
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    assert_eq!(names, ["SQLite", "in-process cache", "local folder"]);
    let error = status.sources[0].error.as_deref().expect("an error");
    assert_eq!(error, "SQLite is not available: ping failed");
    assert_eq!(status.sources[0].latency_ms, None);
}

//! A failing panel does not affect the others.

use std::time::{Duration, Instant};

use super::card::{CARDS, card, text};
use crate::support::web::Server;

async fn only_these_fail(reads: &[&'static str], cards: &[&str]) {
    let server = Server::lesson().await;
    server.stage.store.fail(reads);
    let answer = server.get("/").await;
    assert_eq!(answer.status, 200, "{reads:?}");
    for id in CARDS {
        let shown = text(card(answer.text(), id));
        assert_eq!(
            shown.contains("Not available"),
            cards.contains(&id),
            "{id}: {shown}"
        );
        if cards.contains(&id) {
            assert!(shown.contains("SQLite does not answer"), "{id}: {shown}");
            assert!(shown.contains("last tried 10:37:21"), "{id}: {shown}");
        }
    }
}

#[tokio::test]
async fn category_revenue() {
    only_these_fail(&["by_category"], &["category-revenue"]).await;
}

#[tokio::test]
async fn region_revenue() {
    only_these_fail(&["by_region"], &["region-revenue"]).await;
}

#[tokio::test]
async fn today_and_the_days() {
    let cards = [
        "revenue-today",
        "orders-today",
        "returns",
        "hourly-orders",
        "daily-orders",
    ];
    only_these_fail(&["totals"], &cards).await;
}

#[tokio::test]
async fn active_orders() {
    only_these_fail(&["active"], &["active-orders"]).await;
}

#[tokio::test]
async fn top_products() {
    only_these_fail(&["by_product"], &["top-products"]).await;
}

#[tokio::test]
async fn recent_orders() {
    only_these_fail(&["orders"], &["recent-orders"]).await;
}

#[tokio::test]
async fn the_header_and_the_archive_may_fail() {
    only_these_fail(&["oldest", "is_demonstration", "count"], &[]).await;
}

#[tokio::test]
async fn all_at_once() {
    let server = Server::lesson().await;
    let reads = [
        "totals",
        "by_category",
        "by_region",
        "by_product",
        "active",
        "orders",
        "oldest",
        "is_demonstration",
        "ping",
    ];
    server.stage.store.fail(&reads);
    let answer = server.get("/").await;
    assert_eq!(answer.status, 200);
    for id in CARDS.into_iter().filter(|id| *id != "archive") {
        let shown = text(card(answer.text(), id));
        assert!(shown.contains("Not available"), "{id}: {shown}");
    }
    assert!(text(answer.text()).contains("1 of 3 stores down"));

    // All recovers with the store.
    server.stage.store.fail(&[]);
    let since = Instant::now();
    while server.get("/").await.text().contains("Not available") {
        assert!(since.elapsed() < Duration::from_secs(5), "it does not heal");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_failing_panel_shows_its_last_known_figures() {
    let server = Server::lesson().await;
    server.get("/").await;
    // Yesterday's answers are not cached for today.
    server.stage.clock.advance(chrono::TimeDelta::days(1));
    server.stage.store.fail(&["by_product"]);
    let answer = server.get("/").await;
    let stale = card(answer.text(), "top-products");
    assert!(stale.contains("class=\"card half stale\""), "{stale}");
    let shown = text(stale);
    assert!(shown.contains("PROD_006"), "{shown}");
    assert!(
        shown.contains("as of 22 Nov 10:37 : SQLite does not answer"),
        "{shown}"
    );
    let other = card(answer.text(), "daily-orders");
    assert!(!other.contains("stale"), "{other}");
}

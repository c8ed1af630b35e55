//! MongoDB is slow, and not away: nobody waits for it, and everything is shown when it is there.

use std::time::{Duration, Instant};

use app::model::Panel;
use mongodb::bson::doc;
use serde_json::Value;

use super::looks::{METRICS, healed, metric, page, right, soon};
use super::world::World;
use crate::support::replica::Replica;

/// Longer than a reader waits.
const LATE: Duration = Duration::from_secs(3);
/// The retention guard is a handful of queries one after the other.
const FILLED_WITHIN: Duration = Duration::from_secs(90);
/// A run is a dozen calls.
const ARCHIVED_WITHIN: Duration = Duration::from_secs(120);

/// Whether anything on the page says that MongoDB is away.
fn is_called_dead(page: &str) -> bool {
    page.contains("does not answer") || page.contains("stores down")
}

async fn is_up(replica: &Replica) {
    let ready = replica.get("/health/ready").await;
    assert_eq!(ready.status, 200, "{}", ready.text());
    assert_eq!(ready.json()["stores"][0]["state"], "up");
}

/// How many cards of the page are being computed.
fn computing(page: &str) -> usize {
    page.matches("data-computing").count()
}

/// Waits until the page shows every answer.
async fn filled(replica: &Replica) -> String {
    let begun = Instant::now();
    loop {
        let shown = page(replica).await;
        assert!(!is_called_dead(&shown), "{shown}");
        assert!(!shown.contains("Not available"), "{shown}");
        if computing(&shown) == 0 {
            return shown;
        }
        assert!(begun.elapsed() < FILLED_WITHIN, "{shown}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_page_says_that_it_is_being_computed_and_the_next_one_is_whole() {
    let Some(world) = World::open().await else {
        return;
    };
    world.slow_queries.hold();
    let replica = world.slow_replica().await;
    let first = page(&replica).await;
    assert_eq!(
        computing(&first),
        first.matches("<section").count(),
        "{first}"
    );
    assert!(first.contains("computing since <time"), "{first}");
    assert!(!is_called_dead(&first), "{first}");
    is_up(&replica).await;
    for name in METRICS {
        let (status, answer) = metric(&replica, name).await;
        assert_eq!((status, &answer["kind"]), (503, &"computing".into()));
        assert_eq!(answer["message"], "being computed since 10:37:21", "{name}");
        assert_eq!(answer["since"], "2026-11-22T10:37:21.000+00:00", "{name}");
    }
    let answer = replica.post("/api/today", "").await;
    assert_eq!(answer.header("retry-after"), "2");
    // However often the page is loaded, each query is under way once.
    let at_once = world.slow_queries.most_at_once();
    for _ in 0..3 {
        page(&replica).await;
    }
    assert_eq!(world.slow_queries.most_at_once(), at_once);
    world.slow_queries.release();
    filled(&replica).await;
    right(&replica, &["cache"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_answer_is_shown_until_the_next_one_is_there() {
    let Some(world) = World::open().await else {
        return;
    };
    let replica = world.slow_replica().await;
    filled(&replica).await;
    let orders = world.database().collection("orders");
    let order = doc! {
        "order_id": "NEW_1", "created_at": mongodb::bson::DateTime::parse_rfc3339_str("2026-11-22T10:00:00Z").expect("a time"),
        "total": 1.0, "status": "pending",
    };
    world.slow_queries.hold();
    orders.insert_one(order).await.expect("an order");
    world.forget().await;
    let (status, answer) = metric(&replica, "active_orders").await;
    assert_eq!(status, 200);
    assert_eq!(answer["source"], "stale_cache");
    assert_eq!(answer["stale_because"], "being computed since 10:37:21");
    assert_eq!(answer["computing_since"], "2026-11-22T10:37:21.000+00:00");
    assert_eq!(answer["data"]["pending"], 29);
    let shown = page(&replica).await;
    assert!(computing(&shown) > 0 && !is_called_dead(&shown), "{shown}");
    assert!(shown.contains("being computed since 10:37:21"), "{shown}");
    world.slow_queries.release();
    filled(&replica).await;
    let (_, answer) = metric(&replica, "active_orders").await;
    assert_eq!(answer["data"]["pending"], 30);
    assert_eq!(answer["computing_since"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_says_what_is_still_being_computed_and_begins_nothing_twice() {
    let Some(world) = World::open().await else {
        return;
    };
    let replica = world.slow_replica().await;
    filled(&replica).await;
    world.slow_queries.most_at_once();
    world.slow_queries.hold();
    let all = Panel::ALL.len();
    for _ in 0..3 {
        let report = replica.post("/api/refresh", "").await;
        assert_eq!(report.status, 200, "{}", report.text());
        let report = report.json();
        assert_eq!(report["computing"].as_array().map(Vec::len), Some(all));
        assert_eq!(report["failed"].as_array().map(Vec::len), Some(0));
    }
    // The panels and the watermark.
    assert!(world.slow_queries.most_at_once() as usize <= all + 1);
    // Without JavaScript the page that follows says it.
    let answer = replica.submit("/api/refresh", "").await;
    assert_eq!(answer.status, 303);
    let cookie = answer.header("set-cookie").split(';').next();
    let cookie = cookie.expect("a cookie").to_owned();
    let request = axum::http::Request::get("/").header("cookie", cookie);
    let shown = replica.send(request.body(axum::body::Body::empty()).expect("a request"));
    let shown = shown.await;
    let sentence = format!("{all} of {all} panels are still being computed");
    assert!(shown.text().contains(&sentence), "{}", shown.text());
    assert!(computing(shown.text()) > 0, "{}", shown.text());
    world.slow_queries.release();
    filled(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_that_take_three_seconds_are_answered() {
    let Some(world) = World::open().await else {
        return;
    };
    world.slow_queries.late(LATE);
    let replica = world.slow_replica().await;
    page(&replica).await;
    filled(&replica).await;
    right(&replica, &["cache"]).await;
    is_up(&replica).await;
    archives(&replica).await;
}

/// Archive pressed while everything takes long simply runs.
async fn archives(replica: &Replica) {
    let run = replica.post("/api/archive_start", "").await;
    assert_eq!(run.status, 200, "{}", run.text());
    let run_id = run.json()["run_id"].clone();
    let begun = Instant::now();
    loop {
        let status = replica.post("/api/archive_status", "").await.json();
        let ended = status["runs"].as_array().and_then(|runs| runs.first());
        if let Some(ended) = ended.filter(|run| run["run_id"] == run_id) {
            assert_eq!(ended["state"], "succeeded", "{ended}");
            return;
        }
        assert!(begun.elapsed() < ARCHIVED_WITHIN, "{status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_takes_three_seconds_is_slow_and_not_dead() {
    let Some(world) = World::open().await else {
        return;
    };
    let replica = world.replica().await;
    filled(&replica).await;
    world.to_mongo.slow(LATE.as_millis() as u32).await;
    world.forget().await;
    soon("called slow", async || {
        let shown = page(&replica).await;
        assert!(!is_called_dead(&shown), "{shown}");
        shown.contains("MongoDB is slow to answer.")
    })
    .await;
    is_up(&replica).await;
    filled(&replica).await;
    archives(&replica).await;
    world.to_mongo.heal().await;
    healed(&replica).await;
}

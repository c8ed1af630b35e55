//! MongoDB is away: the last known figures with their age and the reason, or a clear error.

use std::time::{Duration, Instant};

use super::looks::{METRICS, healed, metric, page, queries, right, soon};
use super::world::World;
use crate::support::replica::Replica;

async fn started() -> Option<(World, Replica)> {
    let world = World::open().await?;
    let replica = world.replica().await;
    right(&replica, &["database", "cache"]).await;
    page(&replica).await;
    Some((world, replica))
}

/// The last known figures, told on the page, without a storm; and then fresh ones again.
async fn survives(world: &World, replica: &Replica) {
    world.forget().await;
    soon("given up", async || {
        right(replica, &["stale_cache"]).await;
        page(replica).await.contains("stores down")
    })
    .await;
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(3) {
        right(replica, &["stale_cache"]).await;
        let page = page(replica).await;
        assert!(page.contains("last known"), "{page}");
        assert!(page.contains("stores down"), "{page}");
    }
    assert_eq!(replica.get("/health/live").await.status, 200);
    let ready = replica.get("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()["stores"][0]["state"], "down");
    world.to_mongo.heal().await;
    healed(replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_mongo.refuse().await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hanging() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_mongo.hang().await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reset() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_mongo.reset().await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_in_mid_answer() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_mongo.cut_after(40).await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_second_slow_is_slow_and_right() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_mongo.slow(500).await;
    world.forget().await;
    let before = queries(&replica);
    for name in METRICS {
        let (status, answer) = metric(&replica, name).await;
        assert_eq!(
            (status, &answer["source"]),
            (200, &"database".into()),
            "{name}"
        );
        let took = answer["took_ms"].as_f64().expect("a time");
        assert!(took >= 500.0, "{name}: {took}");
    }
    right(&replica, &["cache"]).await;
    assert_eq!(
        queries(&replica) - before,
        METRICS.len() as u32,
        "one for each metric"
    );
    assert!(!page(&replica).await.contains("does not answer"));
    world.to_mongo.heal().await;
    healed(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_and_going() {
    let Some((world, replica)) = started().await else {
        return;
    };
    for _ in 0..3 {
        world.to_mongo.refuse().await;
        world.forget().await;
        right(&replica, &["stale_cache", "database", "cache"]).await;
        page(&replica).await;
        world.to_mongo.heal().await;
        right(&replica, &["stale_cache", "database", "cache"]).await;
    }
    healed(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn away_from_the_start() {
    let Some(world) = World::open().await else {
        return;
    };
    world.to_mongo.refuse().await;
    let replica = world.replica().await;
    for name in METRICS {
        let (status, answer) = metric(&replica, name).await;
        assert_eq!(
            (status, &answer["kind"]),
            (503, &"unavailable".into()),
            "{name}"
        );
        let message = answer["message"].as_str().expect("a message");
        assert_eq!(message, "MongoDB does not answer, and nothing is cached");
    }
    let shown = page(&replica).await;
    assert!(shown.contains("Not available"), "{shown}");
    assert!(shown.contains("MongoDB does not answer"), "{shown}");
    world.to_mongo.heal().await;
    healed(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cached_is_shown_all_the_same() {
    let Some((world, warm)) = started().await else {
        return;
    };
    let cold = world.replica().await;
    world.to_mongo.refuse().await;
    right(&warm, &["cache"]).await;
    right(&cold, &["cache"]).await;
    // And from there the cold one knows it, too.
    world.forget().await;
    right(&cold, &["stale_cache"]).await;
}

/// What only somebody can mend.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_that_is_not_let_in_is_told_with_what_to_do() {
    let Some(world) = World::open().await else {
        return;
    };
    let replica = world.stranger().await;
    soon("told", async || {
        let shown = page(&replica).await;
        shown.contains("MongoDB cannot be used: the login in MONGODB_URI")
            && !shown.contains("heals by itself")
    })
    .await;
    let ready = replica.get("/health/ready").await;
    assert_eq!(ready.status, 503);
}

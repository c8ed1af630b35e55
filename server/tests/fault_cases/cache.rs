//! Redis is away: the page stays right, from the database.

use std::time::{Duration, Instant};

use super::looks::{healed, page, queries, right, soon};
use super::world::World;
use crate::support::replica::Replica;

/// While the cache is away an answer is computed at most every 5 s; and once for each way in which
/// it may have gone.
fn most_queries(since: Instant) -> u32 {
    7 * (since.elapsed().as_secs() as u32 / 5 + 3)
}

async fn started() -> Option<(World, Replica)> {
    let world = World::open().await?;
    let replica = world.replica().await;
    right(&replica, &["database", "cache"]).await;
    page(&replica).await;
    right(&replica, &["cache"]).await;
    Some((world, replica))
}

/// Right from the database, told on the page, without a storm; and then from the cache again.
async fn survives(world: &World, replica: &Replica) {
    let since = Instant::now();
    let before = replica.store.all_calls();
    right(replica, &["cache", "database"]).await;
    soon("told", async || {
        page(replica).await.contains("Redis does not answer")
    })
    .await;
    while since.elapsed() < Duration::from_secs(3) {
        right(replica, &["database"]).await;
        let page = page(replica).await;
        assert!(page.contains("straight from MongoDB"), "{page}");
        assert!(!page.contains("last known"), "{page}");
    }
    let ready = replica.get("/health/ready").await;
    assert_eq!(ready.status, 200, "without a cache it is still ready");
    assert_eq!(ready.json()["stores"][1]["state"], "down");
    // Pings and the like are not for everybody either.
    let queries = replica.store.all_calls() - before;
    assert!(queries <= most_queries(since), "{queries} queries");
    world.to_redis.heal().await;
    healed(replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_redis.refuse().await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hanging() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_redis.hang().await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_second_slow() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_redis.slow(500).await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reset() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_redis.reset().await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_in_mid_answer() {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.to_redis.cut_after(20).await;
    survives(&world, &replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_and_going() {
    let Some((world, replica)) = started().await else {
        return;
    };
    let before = queries(&replica);
    for _ in 0..5 {
        world.to_redis.refuse().await;
        right(&replica, &["cache", "database"]).await;
        page(&replica).await;
        world.to_redis.heal().await;
        right(&replica, &["cache", "database"]).await;
    }
    // Two looks at every metric and one at the page, and none is computed twice for one look.
    let queries = queries(&replica) - before;
    assert!(queries <= 5 * 18, "{queries} queries");
    healed(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn away_from_the_start() {
    let Some(world) = World::open().await else {
        return;
    };
    world.to_redis.refuse().await;
    let replica = world.replica().await;
    survives(&world, &replica).await;
}

/// Redis answers and takes no answers until somebody acts: the page is as without it, and `told` is
/// on it.
async fn takes_no_answers(refuse: &[&str], told: &str, grant: &[&str]) {
    let Some((world, replica)) = started().await else {
        return;
    };
    world.forget().await;
    let mut neighbour = world.neighbour().await;
    let _: () = neighbour.ask(refuse).await;
    let since = Instant::now();
    let before = replica.store.all_calls();
    while since.elapsed() < Duration::from_secs(3) {
        right(&replica, &["database"]).await;
        page(&replica).await;
    }
    let queries = replica.store.all_calls() - before;
    assert!(queries <= most_queries(since), "{queries} queries");
    let is_told = async || page(&replica).await.replace("&#x27;", "'").contains(told);
    soon("told", is_told).await;
    let _: () = neighbour.ask(grant).await;
    healed(&replica).await;
    soon("forgotten", async || !is_told().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_memory_that_is_full() {
    takes_no_answers(
        &["CONFIG", "SET", "maxmemory", "1"],
        "Redis does not keep answers: the server's memory is full: raise its maxmemory",
        &["CONFIG", "SET", "maxmemory", "0"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica() {
    takes_no_answers(
        &["REPLICAOF", "127.0.0.1", "1"],
        "Redis does not keep answers: the server is a read-only replica",
        &["REPLICAOF", "NO", "ONE"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_who_may_not_write() {
    takes_no_answers(
        &["ACL", "SETUSER", "default", "-@write"],
        "Redis cannot be used: the user lacks permissions: allow REDIS_USERNAME",
        &["ACL", "SETUSER", "default", "+@write"],
    )
    .await;
}

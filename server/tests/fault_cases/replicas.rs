//! Several servers that miss the same key at once.

use futures::future::join_all;
use server::cache::CLAIMED_FOR;

use super::looks::{metric, soon};
use super::world::World;
use crate::support::replica::Replica;

const READERS: usize = 1_000;

/// All readers ask for the category revenue at once; gives how many queries that were.
async fn stormed(replicas: &[Replica]) -> u32 {
    let readers = (0..READERS).map(|number| {
        let replica = &replicas[number % replicas.len()];
        replica.post("/api/category_revenue", "")
    });
    let answers = join_all(readers).await;
    let data = answers[0].json()["data"].clone();
    assert_eq!(data[0]["revenue_cents"], 5_011_773);
    for answer in answers {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["data"], data);
    }
    let queries = replicas.iter();
    queries
        .map(|replica| replica.store.calls("by_category"))
        .sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_of_them_make_one_query() {
    let Some(world) = World::open().await else {
        return;
    };
    // Long enough for all to miss.
    world.to_mongo.slow(300).await;
    // A machine that is busy may answer a claim too late, and then nobody waits for it; hence
    // more tries than are needed.
    let mut alone = 0;
    for tries in 1..=6 {
        world.forget().await;
        let replicas: [Replica; 3] = world.replicas().await;
        let queries = stormed(&replicas).await;
        assert!(queries <= 3, "{queries} queries");
        alone += u32::from(queries == 1);
        if alone == 2 && tries <= 3 || alone == 3 {
            return;
        }
    }
    panic!("one query in {alone} of 6 tries only");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_each_makes_one() {
    let Some(world) = World::open().await else {
        return;
    };
    world.to_redis.refuse().await;
    let replicas: [Replica; 3] = world.replicas().await;
    assert_eq!(stormed(&replicas).await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_died_while_it_computed_is_not_waited_for_long() {
    let Some(world) = World::open().await else {
        return;
    };
    let replica = world.replica().await;
    let mut dead = world.neighbour().await;
    let claim = ["SET", "{dashboard:today}:lock", "dead", "PX", "3000"];
    let _: String = dead.ask(&claim).await;
    let (status, answer) = metric(&replica, "today").await;
    assert_eq!((status, &answer["kind"]), (503, &"computing".into()));
    soon("computed", async || {
        let (status, answer) = metric(&replica, "today").await;
        status == 200 && answer["source"] == "cache"
    })
    .await;
    assert_eq!(replica.store.calls("totals"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_computes_for_long_is_waited_for() {
    let Some(world) = World::open().await else {
        return;
    };
    // Longer than a claim lasts that is not renewed.
    world.slow_queries.late(CLAIMED_FOR * 2);
    let replicas = [world.slow_replica().await, world.slow_replica().await];
    soon("computed", async || {
        let both = replicas.iter().map(|replica| metric(replica, "today"));
        let both = join_all(both).await;
        both.iter().all(|(status, _)| *status == 200)
    })
    .await;
    let queries = replicas.iter();
    let queries: u32 = queries.map(|replica| replica.store.calls("totals")).sum();
    assert_eq!(queries, 1);
}

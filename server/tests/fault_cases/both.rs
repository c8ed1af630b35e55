//! Nothing is there any more but the server itself.

use super::looks::{healed, metric, page, right, soon};
use super::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_known_figures_stay() {
    let Some(world) = World::open().await else {
        return;
    };
    let replica = world.replica().await;
    right(&replica, &["database", "cache"]).await;
    page(&replica).await;
    world.to_redis.hang().await;
    world.to_mongo.hang().await;
    soon("given up", async || {
        let (status, answer) = metric(&replica, "today").await;
        assert_eq!(status, 200, "{answer}");
        page(&replica).await.contains("2 of 3 stores down")
    })
    .await;
    let shown = page(&replica).await;
    assert!(shown.contains("MongoDB does not answer."), "{shown}");
    assert!(!shown.contains("straight from"), "{shown}");
    let refused = replica.post("/api/refresh", "").await;
    assert_eq!(refused.failure().0, 503);
    world.to_redis.heal().await;
    world.to_mongo.heal().await;
    healed(&replica).await;
}

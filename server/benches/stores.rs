//! The dashboard's time on MongoDB and Redis beside that of a bare call to the same server in the
//! same round. `make bench` runs it; it starts the servers itself.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement stops at the first failure"
)]

use std::time::Instant;

use app::model::{Filter, Panel};
use axum::Router;
use axum::routing::post;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use mongodb::bson::{self, Document, doc};
use server::bench::{Served, Times};
use server::calendar::UtcWindow;
use server::store::{Dimension, StatusRules};

mod support;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/fault_cases/world.rs"]
mod world;

use support::lesson;
use support::time::at;
use world::World;

const ROUNDS: u32 = 10_000;
const ORDERS: u64 = 20_000;

#[tokio::main]
async fn main() {
    let Some(world) = World::open().await else {
        return;
    };
    println!("{} orders in MongoDB", world.fill(ORDERS).await);
    from_redis(&world).await;
    from_mongo(&world).await;
}

/// Does `work` and adds the time that it took.
async fn timed<T>(times: &mut Times, work: impl Future<Output = T>) -> T {
    let started = Instant::now();
    let result = work.await;
    times.add(started.elapsed());
    result
}

/// A hit over HTTP, beside a bare GET of the same rows and an empty handler.
async fn from_redis(world: &World) {
    let replica = world.direct().await;
    let router = replica.router();
    let dashboard = Served::start(router).await.expect("a server");
    let empty = Router::new().route("/", post(async || ()));
    let empty = Served::start(empty).await.expect("a server");
    let mut neighbour = world.neighbour().await;
    let hit = "/api/category_revenue";
    dashboard.post(hit).await.expect("an answer");

    let words = ["GET", Panel::CategoryRevenue.cached_under()];
    let [mut bare, mut handler, mut cached] = [(); 3].map(|()| Times::default());
    for _ in 0..ROUNDS {
        let get = neighbour.ask::<String>(&words);
        let rows = timed(&mut bare, get).await;
        assert!(rows.starts_with("[{"), "{rows}");
        timed(&mut handler, empty.post("/")).await.expect("nothing");
        let answer = timed(&mut cached, dashboard.post(hit)).await;
        let answer = answer.expect("an answer");
        assert!(answer.ends_with(b"\"source\":\"cache\"}"), "not a hit");
    }
    println!("category revenue from Redis, {ROUNDS} times");
    println!("  bare GET          {bare}");
    println!("  empty handler     {handler}");
    println!("  cached, over HTTP {cached}");
    let least = bare.percentile_ms(50) + handler.percentile_ms(50);
    let ratio = cached.percentile_ms(50) / least;
    println!("  ratio             {ratio:9.2} of GET and empty handler together (p50)");
}

/// Computed by our store, beside the same pipeline sent by hand.
async fn from_mongo(world: &World) {
    let window = UtcWindow::last_days(30, at(lesson::NOW));
    let (rules, all) = (StatusRules::default(), Filter::default());
    let [mut bare, mut computed] = [(); 2].map(|()| Times::default());
    for _ in 0..ROUNDS / 100 {
        let count = timed(&mut bare, bare_aggregate(world, window)).await;
        assert!(count > 0, "no orders");
        let rows = world.orders().by(&rules, Dimension::Category, &all, window);
        timed(&mut computed, rows).await.expect("categories");
    }
    println!("category revenue from MongoDB, {} times", ROUNDS / 100);
    println!("  bare aggregate    {bare}");
    println!("  by the store      {computed}");
    let ratio = computed.percentile_ms(50) / bare.percentile_ms(50);
    println!("  ratio             {ratio:9.2} (p50)");
}

/// The least that another program would send. Returns the number of categories.
async fn bare_aggregate(world: &World, window: UtcWindow) -> usize {
    let date = |instant: DateTime<Utc>| bson::DateTime::from_millis(instant.timestamp_millis());
    let orders = world.database().collection::<Document>("orders");
    let rows = orders.aggregate([
        doc! { "$match": {
            "created_at": { "$gte": date(window.from), "$lt": date(window.to) },
            "status": { "$ne": "returned" },
        } },
        doc! { "$group": {
            "_id": "$category",
            "revenue": { "$sum": "$total" },
            "orders": { "$sum": 1 },
        } },
    ]);
    let rows: Vec<_> = rows.await.expect("rows").try_collect().await.expect("rows");
    rows.len()
}

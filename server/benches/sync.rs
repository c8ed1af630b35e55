//! Orders from PostgreSQL: the first load beside a bare COPY of the same rows, commit to readable, a
//! large transaction, and comparing. `make bench-sync` runs it, and starts PostgreSQL itself. The
//! argument is the number of documents (500000).

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement stops at the first failure"
)]

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use server::order::OrderId;
use server::store::SyncStore;
use server::store::sqlite::SqliteStore;
use server::sync;
use tempfile::TempDir;
use tokio::time::{MissedTickBehavior, interval, sleep};

#[expect(dead_code, reason = "the tests use the rest")]
mod support {
    #[path = "../../tests/support/backend.rs"]
    pub mod backend;
    #[path = "../../tests/support/mongo.rs"]
    pub mod mongo;
    #[path = "../../tests/support/mongo_server.rs"]
    pub mod mongo_server;
    #[path = "../../tests/support/postgres.rs"]
    pub mod postgres;
    #[path = "../../tests/support/process.rs"]
    pub mod process;
    #[path = "../../tests/support/source_shop.rs"]
    pub mod source_shop;
}

use support::source_shop::{KEYS, SourceShop, job_into, state};

/// How many commits are measured at each rate.
const PROBES: u32 = 300;

#[tokio::main]
async fn main() {
    let documents = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok());
    let documents: u32 = documents.unwrap_or(500_000);
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    // An order has two lines on average.
    shop.fill(1, documents / 2).await;
    shop.run("ANALYZE; CHECKPOINT").await;
    let orders = shop.orders().await.len();
    println!("{orders} documents");

    let begun = Instant::now();
    let copy = "COPY (SELECT row_to_json(v)::text FROM dashboard_orders v
        WHERE created_at >= now() - interval '35 days') TO STDOUT";
    let copied = shop.owner.copy_out(copy).await.expect("a copy");
    let bytes = copied.try_fold(0, |bytes, piece| async move { Ok(bytes + piece.len()) });
    let bytes = bytes.await.expect("a copy");
    let bare = begun.elapsed();
    println!("COPY alone: {bare:.2?}, {} MB", bytes >> 20);

    // The first load, in a process of its own, whose memory counts.
    let folder = TempDir::new().expect("a temporary folder");
    let mut server = Command::new(env!("CARGO_BIN_EXE_server"));
    server
        .args(["sync", "--follow"])
        .env_clear()
        .env("SOURCE_URI", shop.uri())
        .env("SOURCE_KEYS", KEYS)
        .env("DATA_DIR", folder.path())
        .stdin(Stdio::null());
    let begun = Instant::now();
    let mut server = server.spawn().expect("a process");
    let memory = |id: u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status"));
        let status = status.unwrap_or_default();
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        peak.unwrap_or("VmHWM: unknown")
            .split_whitespace()
            .skip(1)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let file = folder.path().join("shopstream.sqlite3");
    while !file.exists() {
        sleep(Duration::from_millis(10)).await;
    }
    let store = Arc::new(SqliteStore::open(&file).await.expect("a store"));
    let job = job_into(&shop.uri(), store.clone(), store.clone());
    loop {
        let state = state(&job).await;
        if state.position.is_some() && state.copying.is_none() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    let took = begun.elapsed();
    println!(
        "first load: {took:.2?}, {:.0} orders/s, {:.0} % of the COPY's speed, peak {}",
        orders as f64 / took.as_secs_f64(),
        100.0 * bare.as_secs_f64() / took.as_secs_f64(),
        memory(server.id())
    );

    for rate in [100, 1_000] {
        let times = latencies(&shop, store.as_ref(), rate).await;
        let at = |share: f64| times[(share * (times.len() - 1) as f64) as usize];
        println!(
            "commit to readable at {rate} changes/s: p50 {:.1?}, p99 {:.1?}",
            at(0.5),
            at(0.99)
        );
    }

    let begun = Instant::now();
    shop.run("UPDATE shop.order_lines SET quantity = quantity + 1 WHERE id <= 100000")
        .await;
    let committed = begun.elapsed();
    let end = shop.position().await;
    while state(&job).await.position < Some(end) {
        sleep(Duration::from_millis(20)).await;
    }
    println!(
        "a transaction of 100,000 updates: committed in {committed:.2?}, readable {:.2?} later, peak {}",
        begun.elapsed() - committed,
        memory(server.id())
    );

    for (whole, what) in [(false, "sums of 35 days"), (true, "every document")] {
        let begun = Instant::now();
        let (drift, _) = sync::compare_window(&job, whole).await.expect("compared");
        println!(
            "{what} compared: {:.2?}, {} orders apart",
            begun.elapsed(),
            drift.orders
        );
    }
    server.kill().expect("a kill");
    server.wait().expect("an end");
}

/// How long each of some new orders took from its commit until the store had it, shortest first.
async fn latencies(shop: &SourceShop, store: &SqliteStore, rate: u32) -> Vec<Duration> {
    let writer = shop.postgres.client().await;
    let writing = tokio::spawn(async move {
        let mut ticks = interval(Duration::from_secs(1) / rate);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let update = "UPDATE shop.orders SET status = 'state ' || $1::int WHERE id = 1 + $1 % 1000";
        let update = writer.prepare(update).await.expect("a statement");
        for number in 0_i32.. {
            ticks.tick().await;
            writer
                .execute(&update, &[&number])
                .await
                .expect("an update");
        }
    });
    let mut times = Vec::new();
    for number in 0..PROBES {
        let id = 10_000_000 * u64::from(rate) + u64::from(number);
        shop.run(&format!(
            "BEGIN; INSERT INTO shop.orders (id) VALUES ({id});
             INSERT INTO shop.order_lines (id, order_id) VALUES ({id}, {id}); COMMIT"
        ))
        .await;
        let begun = Instant::now();
        let document = OrderId::Text(format!("{id}-{id}"));
        while store
            .known(vec![document.clone()])
            .await
            .expect("an answer")
            .is_empty()
        {
            sleep(Duration::from_millis(1)).await;
        }
        times.push(begun.elapsed());
        sleep(Duration::from_millis(20)).await;
    }
    writing.abort();
    times.sort();
    times
}

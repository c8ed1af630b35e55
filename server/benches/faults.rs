//! A steady load while Redis and then MongoDB go down and come back. `make bench-faults` runs it; it
//! starts the servers itself. With the argument `short` each phase takes a tenth of the time.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement stops at the first failure"
)]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use server::bench::{Served, Times};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

mod support;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/fault_cases/world.rs"]
mod world;

use support::replica::Replica;
use world::World;

const ORDERS: u64 = 20_000;
const WORKERS: u32 = 8;
/// Requests a second, of all workers together.
const RATE: u32 = 200;
const PATHS: [&str; 7] = [
    "/",
    "/api/category_revenue",
    "/api/daily_orders",
    "/api/today",
    "/api/active_orders",
    "/api/top_products",
    "/api/recent_orders",
];

/// The load and the present phase's requests.
#[derive(Default)]
struct Load {
    next: AtomicUsize,
    ended: AtomicBool,
    phase: Mutex<Phase>,
}

#[derive(Default)]
struct Phase {
    times: Times,
    failures: u64,
}

#[tokio::main]
async fn main() {
    let tenth = std::env::args().any(|argument| argument == "short");
    let seconds = |seconds: u64| Duration::from_millis(seconds * if tenth { 100 } else { 1_000 });
    let Some(world) = World::open().await else {
        return;
    };
    let orders = world.fill(ORDERS).await;
    let replica = world.replica().await;
    let served = Arc::new(Served::start(replica.router()).await.expect("a server"));
    println!("{orders} orders in MongoDB, {RATE} requests/s: the page and the six metrics");

    let load = Arc::new(Load::default());
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work(load.clone(), served.clone()));
    }
    sleep(seconds(5)).await;
    load.take();
    let mut report = Report {
        load: &load,
        replica: &replica,
        baseline_ms: None,
        failed: 0,
    };
    report.phase("all is well", seconds(60)).await;

    let pause = seconds(90);
    let mut neighbour = world.neighbour().await;
    let milliseconds = pause.as_millis().to_string();
    let _: String = neighbour
        .ask(&["CLIENT", "PAUSE", &milliseconds, "ALL"])
        .await;
    report.phase("Redis paused", pause).await;
    healed(&served, "Redis", "\"source\":\"cache\"").await;
    report.phase("Redis back", seconds(10)).await;

    world.forget().await;
    world.to_mongo.refuse().await;
    report.phase("MongoDB refused", seconds(30)).await;
    world.to_mongo.heal().await;
    world.forget().await;
    healed(&served, "MongoDB", "\"source\":\"database\"").await;
    report.phase("MongoDB back", seconds(10)).await;

    println!(
        "expected: no failure, p99 at most 3 times the first while Redis is paused, nothing over 3 s, \
         healed within 5 s"
    );
    load.ended.store(true, Ordering::Relaxed);
    while workers.join_next().await.is_some() {}
    assert_eq!(report.failed, 0, "requests that failed");
}

/// Requests one path after the other at a steady rate.
async fn work(load: Arc<Load>, served: Arc<Served>) {
    let mut ticks = interval(Duration::from_secs(1) * WORKERS / RATE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !load.ended.load(Ordering::Relaxed) {
        ticks.tick().await;
        let path = PATHS[load.next.fetch_add(1, Ordering::Relaxed) % PATHS.len()];
        let started = Instant::now();
        let answer = match path {
            "/" => served.get(path).await,
            _ => served.post(path).await,
        };
        let took = started.elapsed();
        let mut phase = load.phase.lock().expect("a lock");
        phase.times.add(took);
        // A page with a card that has no figures is a failure, too.
        let whole = answer.is_ok_and(|body| {
            let text = String::from_utf8_lossy(&body);
            !text.contains("Not available")
        });
        phase.failures += u64::from(!whole);
    }
}

impl Load {
    fn take(&self) -> Phase {
        std::mem::take(&mut self.phase.lock().expect("a lock"))
    }
}

struct Report<'a> {
    load: &'a Load,
    replica: &'a Replica,
    baseline_ms: Option<f64>,
    failed: u64,
}

impl Report<'_> {
    /// Lets the load run for `lasts` and prints what happened to its requests.
    async fn phase(&mut self, name: &str, lasts: Duration) {
        let (started, before) = (Instant::now(), self.replica.store.all_calls());
        sleep(lasts).await;
        let Phase { times, failures } = self.load.take();
        self.failed += failures;
        let queries = f64::from(self.replica.store.all_calls() - before);
        let per_second = queries / started.elapsed().as_secs_f64();
        let [p50, p99, longest] = [50, 99, 100].map(|percent| times.percentile_ms(percent));
        let baseline = *self.baseline_ms.get_or_insert(p99);
        println!(
            "{name:16} {:6} requests {failures:4} failed   p50 {p50:8.2} ms   p99 {p99:8.2} ms ({:5.2} of the \
             first)   longest {longest:8.2} ms   {per_second:6.2} queries/s",
            times.count(),
            p99 / baseline,
        );
    }
}

/// Prints how long it takes until a metric comes from `source` again.
async fn healed(served: &Served, server: &str, source: &str) {
    let returned = Instant::now();
    loop {
        let answer = served.post("/api/today").await;
        if answer.is_ok_and(|body| String::from_utf8_lossy(&body).contains(source)) {
            break;
        }
        sleep(Duration::from_millis(10)).await;
    }
    let seconds = returned.elapsed().as_secs_f64();
    println!("{server} healed {seconds:.2} s after its return");
}

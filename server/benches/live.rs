//! 500 open pages and a change a second: how soon they are told, and what that costs. `make bench-live`
//! runs it. With the argument `short` it takes a tenth of the time.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement stops at the first failure"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::model::Filter;
use app::ports::{Dashboard, Read};
use server::bench::{Served, Times};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/support/clock.rs"]
mod clock;
#[path = "../tests/support/draft.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod draft;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/support/stage.rs"]
mod stage;
mod support;

use draft::Draft;
use stage::Stage;
use support::asked::Asked;
use support::{lesson, time, watched};

/// With the one that looks whether the orders are there, as many as a server allows.
const STREAMS: usize = 499;

/// What the open pages have been told.
#[derive(Default)]
struct Told {
    /// The first and the last page that was told of each version, and how many were.
    versions: Mutex<BTreeMap<String, (Instant, Instant, usize)>>,
}

#[tokio::main]
async fn main() {
    let tenth = std::env::args().any(|argument| argument == "short");
    let seconds = Duration::from_secs(if tenth { 6 } else { 60 });
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    let asked = Asked::new(&stage.assembly);
    let served = Arc::new(Served::start(asked.router()).await.expect("a server"));
    let told = Arc::new(Told::default());
    let mut streams = JoinSet::new();
    for _ in 0..STREAMS {
        streams.spawn(listen(served.clone(), told.clone()));
    }
    sleep(Duration::from_secs(5)).await;

    let recomputed = stage.store.calls("by_category");
    let asked_for_tokens = stage.store.calls("change_token");
    let (begun, mut changes, mut pages) = (Instant::now(), Times::default(), Times::default());
    let mut waiting: BTreeMap<String, Instant> = BTreeMap::new();
    let mut listener = stage.assembly.live.listen().await.expect("a listener");
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut number = 0;
    while begun.elapsed() < seconds {
        tokio::select! {
            _ = ticks.tick() => {
                number += 1;
                let id = format!("NEW_{number:05}");
                stage.add(vec![Draft::at(&id, "2026-11-22T10:36:00Z").order()]).await;
                waiting.insert(id, Instant::now());
                let started = Instant::now();
                served.get("/").await.expect("a page");
                pages.add(started.elapsed());
            }
            // By then the orders are there.
            Ok(()) = listener.changed() => {
                let all = Filter::default();
                let recent = stage.dashboard.recent_orders(&all, Read::Cached).await;
                for order in recent.expect("orders").data {
                    if let Some(written) = waiting.remove(&order.order_id) {
                        changes.add(written.elapsed());
                    }
                }
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let spread = told.versions.lock().expect("a lock");
    let mut spreads = Times::default();
    for (first, last, pages) in spread.values() {
        if *pages >= STREAMS {
            spreads.add(*last - *first);
        }
    }
    println!(
        "{} open pages, a change a second for {seconds:.0} s",
        STREAMS + 1
    );
    println!(
        "from the write to the event   {changes}   (p50 at most 1,500 ms, p99 at most 3,000 ms)"
    );
    println!("from the first page to the last that is told   {spreads}");
    println!("a plain page beside them      {pages}");
    println!(
        "the store was asked {} times whether something had changed, and {} times for all answers",
        stage.store.calls("change_token") - asked_for_tokens,
        stage.store.calls("by_category") - recomputed,
    );
    streams.abort_all();
}

/// Reads the events of one page.
async fn listen(served: Arc<Served>, told: Arc<Told>) {
    let mut stream = served.open("/events").await.expect("a stream");
    let mut text = String::new();
    while let Ok(Some(chunk)) = stream.chunk().await {
        text.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((event, rest)) = text.split_once("\n\n") {
            let id = event.lines().find_map(|line| line.strip_prefix("id: "));
            if let Some(id) = id {
                let now = Instant::now();
                let mut versions = told.versions.lock().expect("a lock");
                let version = versions.entry(id.to_owned()).or_insert((now, now, 0));
                (version.1, version.2) = (now, version.2 + 1);
            }
            text = rest.to_owned();
        }
    }
}

//! The time and the memory of an archive. `make bench-archive` runs it;
//! `cargo bench -p server --bench archive -- 20000` archives that many orders.
//!
//! One process fills the store and another archives it, so that the peak memory is the archive's.

#![expect(
    clippy::expect_used,
    reason = "a measurement stops at the first failure"
)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use app::model::{RunState, StartedBy};
use chrono::{DateTime, Utc};
use server::archive::{ArchiveJob, ArchiveParts, Leases};
use server::calendar::Calendar;
use server::clock::{FixedClock, SystemClock};
use server::generate::Plan;
use server::objects::local::LocalFolder;
use server::store::OrderStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const ORDERS: [u64; 3] = [100_000, 1_000_000, 5_000_000];
/// The last millisecond of a month, so that one archive has all orders.
const NOW: &str = "2026-10-31T23:59:59.999Z";
const DAYS: u32 = 31;
const DATABASE: &str = "shopstream.sqlite3";
const BATCH: usize = 1_000;

#[tokio::main]
async fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    if let [word, folder] = words.as_slice()
        && word == "measure"
    {
        return measure(folder.as_ref()).await;
    }
    // Cargo adds "--bench".
    let given = words.iter().filter_map(|word| word.parse().ok());
    let mut orders: Vec<u64> = given.collect();
    if orders.is_empty() {
        orders = ORDERS.to_vec();
    }
    for orders in orders {
        let folder = TempDir::new().expect("a temporary folder");
        fill(&folder.path().join(DATABASE), orders).await;
        let mut other = Command::new(env::current_exe().expect("this program"));
        let status = other.arg("measure").arg(folder.path()).status();
        assert!(status.expect("a process").success());
    }
}

async fn fill(database: &Path, orders: u64) {
    let store = SqliteStore::open(database).await.expect("a store");
    store.adopt().await.expect("an adoption");
    let plan = Plan::new(42, orders, DAYS).expect("a plan");
    let mut orders = plan.initial(now());
    loop {
        let batch: Vec<_> = orders.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return;
        }
        store.upsert(batch).await.expect("an upsert");
    }
}

async fn measure(folder: &Path) {
    let store = SqliteStore::open(&folder.join(DATABASE)).await;
    let store = Arc::new(store.expect("a store"));
    let objects = LocalFolder::open(&folder.join("archive")).await;
    let job = ArchiveJob::beside(ArchiveParts {
        store: store.clone(),
        log: store.clone(),
        leases: Leases {
            store,
            clock: Arc::new(SystemClock),
        },
        objects: Arc::new(objects.expect("a folder")),
        spool: folder.join("spool"),
        clock: Arc::new(FixedClock(now())),
        calendar: Calendar::UTC,
        by: StartedBy::CommandLine,
        cancel: CancellationToken::new(),
    });
    // Writing 5 resets the peak to the present memory.
    fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let (idle, started) = (kib("VmRSS:"), Instant::now());
    let begun = job.begin(None).await.expect("an answer");
    let run = job.follow(begun.run().expect("a run"), |_| {}).await;
    let run = run.expect("a run");
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    println!(
        "{:>9} orders, {:>4} MB: {:6.2} s, peak {:.1} MiB above idle",
        run.orders,
        run.bytes / 1_000_000,
        started.elapsed().as_secs_f64(),
        (kib("VmHWM:") - idle) / 1_024.0
    );
}

/// A value in kB from this process's status.
fn kib(name: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.trim().strip_suffix("kB"));
    number
        .and_then(|kib| kib.trim().parse().ok())
        .expect("a number")
}

fn now() -> DateTime<Utc> {
    NOW.parse().expect("a time")
}

//! One filled store: archived and drained by turns.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::model::{ArchiveRun, RunState};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use server::archive::ObjectName;
use server::assembly::Assembly;
use server::backends::Backends;
use server::bench::DAYS;
use server::calendar::{Calendar, UtcWindow};
use server::clock::FixedClock;
use server::config::{Config, MongoConfig, Secret};
use server::store::OrderStore;
use tokio_util::sync::CancellationToken;

use super::disk;
use super::filled::NOW;
use super::memory::Memory;

/// So many rounds at least, and more of short ones: a virtual machine may be slower by half for
/// seconds, which then must not fall on archives alone.
const ROUNDS: usize = 9;
const AT_LEAST: Duration = Duration::from_secs(15);

/// What is to be reached: of the speed of draining, above idle, and for a million orders in SQLite.
const LEAST_SHARE: f64 = 0.6;
const MOST_MIB: f64 = 32.0;
const MILLION: u64 = 1_000_000;
const MILLION_WITHIN: Duration = Duration::from_secs(60);

/// Measures the store in `folder`, or in that database of `MONGODB_URI`; says what has come out.
pub async fn measure(folder: &Path, database: Option<&str>) {
    let now: DateTime<Utc> = NOW.parse().expect("a time");
    let window = UtcWindow::last_days(DAYS.into(), now);
    let backends = Backends::open(&config(folder, database)).await;
    let backends = backends.expect("stores");
    let calendar = Calendar::new(chrono_tz::UTC);
    let (clock, cancel) = (Arc::new(FixedClock(now)), CancellationToken::new());
    let assembly = Assembly::open(&backends, clock, calendar, cancel).await;
    let assembly = assembly.expect("an assembly");
    let orders = backends.orders.as_ref();
    orders.ping().await.expect("an answer");

    // The first run is not timed, but alone tells what an archive holds: nothing else has been done
    // by then.
    let idle = Memory::now();
    let mut run = archive(&assembly).await;
    let peak = idle.as_ref().and_then(Memory::peak_above);
    let [mut archived, mut drained, mut bare] = [const { Vec::new() }; 3];
    let begun = Instant::now();
    while archived.len() < ROUNDS || begun.elapsed() < AT_LEAST {
        // Into an empty folder each time: making room for an archive is not archiving.
        remove(&backends, &run).await;
        // Before the archive, which then finds memory for the pages of its file more often than not.
        bare.push(disk::bare(folder, run.bytes));
        let started = Instant::now();
        let bytes = drain(orders, window).await;
        drained.push(started.elapsed());
        assert_eq!(bytes, run.bytes, "not the same documents");
        let started = Instant::now();
        run = archive(&assembly).await;
        archived.push(started.elapsed());
    }
    let [archived, drained, bare] = [archived, drained, bare].map(Rounds::of);
    say("drained", &drained, &run);
    say("archived", &archived, &run);
    say("the disk alone", &bare, &run);
    if database.is_none() && run.orders == MILLION && archived.median >= MILLION_WITHIN {
        println!("  within a minute  NOT REACHED");
    }
    let best = drained.best.as_secs_f64() / archived.best.as_secs_f64();
    let median = drained.median.as_secs_f64() / archived.median.as_secs_f64();
    println!(
        "  share              {best:8.2} of the speed of draining at best{}",
        reached(best >= LEAST_SHARE)
    );
    println!(
        "                     {median:8.2} in the median{}",
        reached(median >= LEAST_SHARE)
    );
    match peak {
        Some(peak) => println!(
            "  memory, at most    {peak:8.1} MiB above idle{}",
            reached(peak <= MOST_MIB)
        ),
        None => println!("  memory             not known on this system"),
    }
}

async fn archive(assembly: &Assembly) -> ArchiveRun {
    let run = assembly.job.run_to_end(None, |_| {}).await.expect("a run");
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    run
}

async fn remove(backends: &Backends, run: &ArchiveRun) {
    let name = ObjectName::new(run.object.clone()).expect("a name");
    backends.objects.delete(&name).await.expect("room");
}

fn config(folder: &Path, database: Option<&str>) -> Config {
    let folder = OsString::from(folder);
    let set = |name: &str| (name == "DATA_DIR").then(|| folder.clone());
    let mongo = database.map(|database| MongoConfig {
        uri: Secret::new(env::var("MONGODB_URI").expect("an address")),
        database: database.to_owned(),
    });
    Config {
        mongo,
        ..Config::from_variables(set).expect("a configuration")
    }
}

/// Reads all documents, and gives the number of bytes.
async fn drain(store: &dyn OrderStore, window: UtcWindow) -> u64 {
    let mut documents = store.documents(window).await.expect("a stream");
    let mut bytes = 0;
    while let Some(piece) = documents.next().await {
        bytes += piece.expect("documents").lines.len() as u64;
    }
    bytes
}

/// Stands behind a figure.
fn reached(is_reached: bool) -> &'static str {
    match is_reached {
        true => "",
        false => "  NOT REACHED",
    }
}

/// What the rounds took. A machine only ever makes one slower: on a virtual one, reading the same
/// 100,000 orders was seen to take 19 to 45 ms of a processor's time, thrown away or archived. So the
/// best round tells of the program, and the median of the machine, too.
struct Rounds {
    best: Duration,
    median: Duration,
}

impl Rounds {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self {
            best: times[0],
            median: times[times.len() / 2],
        }
    }
}

fn say(what: &str, rounds: &Rounds, run: &ArchiveRun) {
    let [best, median] = [rounds.best, rounds.median].map(|took| took.as_secs_f64());
    let orders = run.orders as f64 / median;
    let megabytes = run.bytes as f64 / 1e6 / median;
    println!(
        "  {what:18} {best:8.3} s at best, {median:.3} s in the median: {orders:.0} orders/s, \
         {megabytes:.1} MB/s"
    );
}

//! The archive job over a real store and a real folder, and over ones that fail on purpose.

#![expect(clippy::expect_used, reason = "a test ends where something fails")]

use app::model::{ArchiveRun, Month};
use app::ports::Archive;
use chrono::{DateTime, Utc};
use server::archive::{ArchiveJob, ArchiveParts};
use server::calendar::Calendar;

mod ends;
mod fails;
mod faulty_objects;
mod faulty_store;
mod guards;
mod leases;
mod publishes;
mod recovers;
mod shop;
mod status;
mod succeeds;
mod verifies;

#[path = "../support/clock.rs"]
mod clock;
#[path = "../support/lines.rs"]
mod lines;

use shop::Shop;

const NOVEMBER: &str = "shopstream/orders/2026/11/23/orders_export.jsonl";
const OCTOBER: &str = "shopstream/orders/2026/10/31/orders_export.jsonl";
const RUN_INFO: &str = "shopstream/metadata/run_info.json";

/// The name of a run's own object.
fn own(run_id: &str) -> String {
    format!("shopstream/orders/runs/{run_id}.jsonl")
}

/// The name of a run's receipt.
fn receipt(run_id: &str) -> String {
    format!("shopstream/metadata/runs/{run_id}.json")
}

async fn job(parts: ArchiveParts) -> ArchiveJob {
    ArchiveJob::open(parts).await
}

/// Archives the month, the running one without, to the end.
async fn archive(job: &ArchiveJob, month: Option<&str>) -> ArchiveRun {
    let begun = job.begin(month.map(self::month)).await.expect("an answer");
    let run = begun.run().expect("a run");
    job.follow(run, |_| {}).await.expect("a run")
}

/// Returns when the current run is as wanted.
async fn until(job: &ArchiveJob, wanted: impl Fn(&ArchiveRun) -> bool) {
    job.subscribe()
        .wait_for(|run| run.as_ref().is_some_and(&wanted))
        .await
        .expect("a living job");
}

async fn runs(job: &ArchiveJob) -> Vec<ArchiveRun> {
    job.status().await.expect("a status").runs
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an RFC 3339 time")
}

fn now() -> DateTime<Utc> {
    at("2026-11-23T09:30:00Z")
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn calendar(zone: &str) -> Calendar {
    zone.parse().expect("a time zone")
}

//! What differs between the orders and their source, and putting it right.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use app::model::{Cents, Drift, Filter, Timestamp};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_postgres::types::PgLsn;

use super::errors::away;
use super::fingerprint::fingerprint;
use super::sink::Writer;
use super::source::Source;
use super::{Job, State, SyncError, window};
use crate::calendar::UtcWindow;
use crate::order::{Order, OrderId};
use crate::store::StatusRules;

/// How many keys are read and written at once.
const KEYS_A_WRITE: usize = 1_000;
/// How many orders are named.
const NAMED: usize = 5;
/// How long we wait for the orders to come past a position.
const PATIENCE: Duration = Duration::from_secs(15);
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// One order that is not as in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub order_id: String,
    /// Its key in the source, here, or both.
    pub keys: BTreeSet<String>,
    pub kind: Kind,
    /// By how much its total differs, without sign.
    pub cents: Cents,
    /// When the day begins that it was found in.
    pub day: DateTime<Utc>,
    fingerprints: [Option<u64>; 2],
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only in the source.
    Missing,
    /// Only here.
    Extra,
    /// In both, but not alike.
    Different,
}

/// How to know that the orders are past a position of the source.
pub enum Past {
    /// This process follows.
    Position(watch::Receiver<Option<PgLsn>>),
    /// Another process may follow, and saves how far it is.
    Saved,
    /// Nobody else writes.
    Now,
}

impl Past {
    async fn reach(&mut self, job: &Job, position: PgLsn) -> Result<(), SyncError> {
        let reached = |past: &Option<PgLsn>| past.is_some_and(|past| past >= position);
        let waiting = async {
            match self {
                Self::Now => {}
                Self::Position(past) => _ = past.wait_for(reached).await,
                Self::Saved => loop {
                    let state = State::load(job.sink.as_ref()).await?.unwrap_or_default();
                    if state.position.is_none() || reached(&state.position) {
                        break;
                    }
                    sleep(POLL_INTERVAL).await;
                },
            }
            Ok(())
        };
        let waited = timeout(PATIENCE, waiting).await;
        match (waited, &self) {
            (Ok(reached), _) => reached,
            (Err(_), Self::Position(_)) => Err(away(
                &job.source.location(),
                "the stream is behind".to_owned(),
            )),
            // Nobody follows any more: what differs is really different.
            (Err(_), _) => {
                *self = Self::Now;
                Ok(())
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing here",
            Self::Extra => "not in the source",
            Self::Different => "different",
        })
    }
}

/// Compares the window, while another process may follow: every document, or only the documents of
/// days whose orders or cents differ.
pub async fn compare_window(job: &Job, whole: bool) -> Result<(Drift, Vec<Difference>), SyncError> {
    let source = Source::connect(&job.source).await?;
    let days = window::days(&job.calendar, job.clock.now());
    let found = compare(job, &source, &days, whole, &mut Past::Saved).await?;
    let seen = drift(&found, window::DAYS, job.now(), None);
    Ok((seen, found))
}

/// Compares every order of the window, and reads again what differs; returns how many orders.
pub async fn repair_window(job: &Job) -> Result<u64, SyncError> {
    let mut source = Source::connect(&job.source).await?;
    let mut writer = Writer::open(job, false).await?;
    let repaired = async {
        let identity = source.identity().await?;
        writer.belongs_to(&identity, false).await?;
        let days = window::days(&job.calendar, job.clock.now());
        let repaired = repair(&mut source, &mut writer, &days, true).await?;
        writer.state.drift = None;
        writer.save().await?;
        Ok(repaired)
    };
    let repaired = repaired.await;
    writer.close().await;
    repaired
}

/// What differs on these days, in two comparisons one after the other. With `whole` every document
/// is compared, else only those of days whose orders or cents differ.
pub async fn compare(
    job: &Job,
    source: &Source,
    days: &[UtcWindow],
    whole: bool,
    past: &mut Past,
) -> Result<Vec<Difference>, SyncError> {
    let suspects = match whole {
        true => days.to_vec(),
        false => unequal(job, source, days, past).await?,
    };
    let mut first = Vec::new();
    for day in suspects {
        let found = differences(job, source, day, past).await?;
        if !found.is_empty() {
            first.push((day, found));
        }
    }
    let mut drift = Vec::new();
    for (day, found) in first {
        let found: HashMap<&str, &Difference> = found
            .iter()
            .map(|order| (order.order_id.as_str(), order))
            .collect();
        let again = differences(job, source, day, past).await?;
        let still = |order: &Difference| found.get(order.order_id.as_str()) == Some(&order);
        drift.extend(again.into_iter().filter(still));
    }
    Ok(drift)
}

/// Puts right what differs on these days, as [`compare`] finds it in one comparison; returns how many
/// orders.
pub async fn repair(
    source: &mut Source,
    writer: &mut Writer,
    days: &[UtcWindow],
    whole: bool,
) -> Result<u64, SyncError> {
    let job = writer.job.clone();
    let suspects = match whole {
        true => days.to_vec(),
        false => unequal(&job, source, days, &mut Past::Now).await?,
    };
    let mut repaired = 0;
    for day in suspects {
        let found = differences(&job, source, day, &mut Past::Now).await?;
        repaired += found.len() as u64;
        let keys: BTreeSet<String> = found.into_iter().flat_map(|order| order.keys).collect();
        let keys: Vec<String> = keys.into_iter().collect();
        for keys in keys.chunks(KEYS_A_WRITE) {
            if job.cancel.is_cancelled() {
                return Err(SyncError::Stopped);
            }
            let rows = source.of_keys(keys, &HashSet::new()).await?;
            writer
                .write(keys.to_vec(), rows.unwrap_or_default())
                .await?;
        }
    }
    Ok(repaired)
}

/// What is said about the differences of `days` days.
pub fn drift(found: &[Difference], days: u32, now: Timestamp, before: Option<&Drift>) -> Drift {
    let since = before.and_then(|before| before.since).unwrap_or(now);
    Drift {
        orders: found.len() as u64,
        cents: Cents(found.iter().map(|order| order.cents.0).sum()),
        ids: found
            .iter()
            .take(NAMED)
            .map(|order| order.order_id.clone())
            .collect(),
        days,
        since: (!found.is_empty()).then_some(since),
        compared_at: now,
    }
}

/// The days whose orders or cents differ.
async fn unequal(
    job: &Job,
    source: &Source,
    days: &[UtcWindow],
    past: &mut Past,
) -> Result<Vec<UtcWindow>, SyncError> {
    let starts: Vec<DateTime<Utc>> = days.iter().map(|day| day.from).collect();
    let theirs = source.sums(&starts).await?;
    past.reach(job, source.position().await?.0).await?;
    let all = StatusRules {
        not_revenue: Vec::new(),
    };
    let ours = job.orders.totals(&all, &Filter::default(), days).await?;
    let unequal = days.iter().zip(theirs).zip(ours);
    Ok(unequal
        .filter(|((_, theirs), ours)| *theirs != (ours.orders, ours.revenue_cents.0))
        .map(|((day, _), _)| *day)
        .collect())
}

struct Seen {
    key: String,
    cents: i64,
    fingerprint: u64,
}

impl Seen {
    fn of(key: String, order: &Order) -> Self {
        Self {
            key,
            cents: order.total.0,
            fingerprint: fingerprint(&order.document),
        }
    }
}

/// Compares every document of the day. Rows and documents that are no orders count as absent.
async fn differences(
    job: &Job,
    source: &Source,
    day: UtcWindow,
    past: &mut Past,
) -> Result<Vec<Difference>, SyncError> {
    let mut theirs = HashMap::new();
    {
        let rows = source.window(day.from, day.to).await?;
        futures::pin_mut!(rows);
        while let Some(row) = rows.try_next().await? {
            if let Ok(order) = Order::from_json(&row.json) {
                theirs.insert(order.order_id.clone(), Seen::of(row.key, &order));
            }
        }
    }
    past.reach(job, source.position().await?.0).await?;
    let mut found = Vec::new();
    let mut difference = |order_id: OrderId, theirs: Option<&Seen>, ours: Option<&Seen>| {
        let both = [theirs, ours];
        let cents = |seen: Option<&Seen>| seen.map_or(0, |seen| seen.cents);
        found.push(Difference {
            order_id: order_id.to_string(),
            keys: both
                .into_iter()
                .flatten()
                .map(|seen| seen.key.clone())
                .collect(),
            kind: match both {
                [Some(_), None] => Kind::Missing,
                [None, _] => Kind::Extra,
                [Some(_), Some(_)] => Kind::Different,
            },
            cents: Cents((cents(theirs) - cents(ours)).abs()),
            day: day.from,
            fingerprints: both.map(|seen| seen.map(|seen| seen.fingerprint)),
        });
    };
    let mut documents = job.orders.documents(day).await?;
    while let Some(piece) = documents.try_next().await? {
        for line in piece.lines.split(|byte| *byte == b'\n') {
            let Some(order) = str::from_utf8(line)
                .ok()
                .and_then(|line| Order::from_json(line).ok())
            else {
                continue;
            };
            let ours = Seen::of(key_of(&order), &order);
            match theirs.remove(&order.order_id) {
                Some(theirs) if theirs.fingerprint == ours.fingerprint => {}
                theirs => difference(order.order_id, theirs.as_ref(), Some(&ours)),
            }
        }
    }
    for (order_id, theirs) in theirs {
        difference(order_id, Some(&theirs), None);
    }
    found.sort_by(|one, other| one.order_id.cmp(&other.order_id));
    Ok(found)
}

/// The key of a document, as the store finds it by.
fn key_of(order: &Order) -> String {
    let document: Option<Value> = serde_json::from_str(&order.document).ok();
    let key = document.and_then(|document| match document.get("source_key")? {
        Value::Null => None,
        Value::String(key) => Some(key.clone()),
        other => Some(other.to_string()),
    });
    key.unwrap_or_else(|| order.order_id.to_string())
}

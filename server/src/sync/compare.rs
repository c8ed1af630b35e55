//! What differs between the orders and their source.

use std::collections::HashMap;
use std::fmt;

use app::model::{Cents, Filter};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use serde_json::Value;

use super::fingerprint::fingerprint;
use super::past::Past;
use super::source::Source;
use super::{Job, SyncError};
use crate::calendar::UtcWindow;
use crate::order::Order;
use crate::store::StatusRules;

/// One order that is not as in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub order_id: String,
    pub kind: Kind,
    /// By how much its total differs, without sign.
    pub cents: Cents,
    /// When the day begins that it was found in.
    pub day: DateTime<Utc>,
    /// In the source, and here.
    pub(super) seen: [Seen; 2],
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only in the source.
    Missing,
    /// Only here.
    Extra,
    /// In both, but not alike.
    Different,
    /// Several rows of the source have the `order_id`.
    Repeated,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing here",
            Self::Extra => "not in the source",
            Self::Different => "different",
            Self::Repeated => {
                "in several rows of the source: give each row of the view an order_id of its own"
            }
        })
    }
}

/// What one side has of an `order_id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    rows: u32,
    /// The keys in the source, in order.
    pub keys: Vec<String>,
    cents: i64,
    /// Of all rows, in whichever order they come.
    fingerprint: u64,
}

impl Seen {
    fn add(&mut self, order: &Order, key: Option<String>) {
        let document: Value = serde_json::from_str(&order.document).unwrap_or_default();
        let key = key.or_else(|| match document.get("source_key")? {
            Value::Null => None,
            Value::String(key) => Some(key.clone()),
            other => Some(other.to_string()),
        });
        self.rows += 1;
        self.keys
            .push(key.unwrap_or_else(|| order.order_id.to_string()));
        self.keys.sort();
        self.cents += order.total.0;
        self.fingerprint = self.fingerprint.wrapping_add(fingerprint(document));
    }
}

/// How an order differs, if it does.
fn kind([theirs, ours]: &[Seen; 2]) -> Option<Kind> {
    match (theirs.rows, ours.rows) {
        (1, 1) if theirs.fingerprint == ours.fingerprint => None,
        (1, 0) => Some(Kind::Missing),
        (0, _) => Some(Kind::Extra),
        (1, _) => Some(Kind::Different),
        _ => Some(Kind::Repeated),
    }
}

/// The days whose orders or cents differ; with `whole` all of them.
pub async fn suspects(
    job: &Job,
    source: &Source,
    days: &[UtcWindow],
    whole: bool,
    past: &mut Past,
) -> Result<Vec<UtcWindow>, SyncError> {
    if whole {
        return Ok(days.to_vec());
    }
    let starts: Vec<DateTime<Utc>> = days.iter().map(|day| day.from).collect();
    let theirs = source.sums(&starts).await?;
    past.reach(job, source.session.position().await?.0).await?;
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

/// Compares every document of the day. Rows and documents that are no orders count as absent.
pub async fn differences(
    job: &Job,
    source: &Source,
    day: UtcWindow,
    past: &mut Past,
) -> Result<Vec<Difference>, SyncError> {
    let mut seen: HashMap<_, [Seen; 2]> = HashMap::new();
    {
        let rows = source.window(day.from, day.to).await?;
        futures::pin_mut!(rows);
        while let Some(row) = rows.try_next().await? {
            if let Ok(order) = Order::from_json(&row.json) {
                let [theirs, _] = seen.entry(order.order_id.clone()).or_default();
                theirs.add(&order, Some(row.key));
            }
        }
    }
    past.reach(job, source.session.position().await?.0).await?;
    let mut documents = job.orders.documents(day).await?;
    while let Some(piece) = documents.try_next().await? {
        for line in piece.lines.split(|byte| *byte == b'\n') {
            let line = str::from_utf8(line).unwrap_or_default();
            if let Ok(order) = Order::from_json(line) {
                let both = seen.entry(order.order_id.clone()).or_default();
                both[1].add(&order, None);
                // Most are alike, and need no memory any more.
                if kind(both).is_none() {
                    seen.remove(&order.order_id);
                }
            }
        }
    }
    let mut found = Vec::new();
    for (order_id, seen) in seen {
        let Some(kind) = kind(&seen) else {
            continue;
        };
        let [theirs, ours] = &seen;
        found.push(Difference {
            order_id: order_id.to_string(),
            kind,
            cents: Cents((theirs.cents - ours.cents).abs()),
            day: day.from,
            seen,
        });
    }
    found.sort_by(|one, other| one.order_id.cmp(&other.order_id));
    Ok(found)
}

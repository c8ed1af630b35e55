//! The state of the stores behind the page.

use serde::{Deserialize, Serialize};

use super::number::{counted, grouped};
use super::{OrderSource, Timestamp};

/// What a source is used for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceRole {
    Orders,
    Cache,
    Archive,
}

/// What is wrong with a source.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It is up, but answers slowly.
    Slow,
    /// It does not answer. It may come back by itself.
    Away,
    /// It refuses requests until somebody acts.
    Refused,
    /// It allows reads, and refuses writes until somebody acts.
    Unwritable,
}

/// One of the three stores behind the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceState {
    pub role: SourceRole,
    /// The backend's name for people: "SQLite", "local folder".
    pub name: String,
    /// The last ping's duration. `None` if it failed or is still under way.
    pub latency_ms: Option<f64>,
    /// Why the last ping failed, without secrets.
    pub error: Option<String>,
    /// The kind of failure, or that the source is slow.
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

impl SourceState {
    /// Whether the last ping succeeded or is still under way.
    pub fn is_up(&self) -> bool {
        self.error.is_none()
    }
}

/// The state of the whole dashboard, as of `now`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The server's time in the business time zone. Ages are counted from it.
    pub now: Timestamp,
    /// The IANA name of the business time zone.
    pub time_zone: String,
    /// Whether there are orders, and they are synthetic.
    pub demonstration: bool,
    /// Documents that no metric can read; `None` where they could not be counted yet.
    pub unreadable: Option<u64>,
    /// How many order ids more than one document has; likewise.
    pub duplicates: Option<u64>,
    /// The statuses of orders of the last 30 days that no figure knows, most orders first.
    #[serde(default)]
    pub unknown_statuses: Vec<UnknownStatus>,
    /// Orders, cache, archive: in this order.
    pub sources: Vec<SourceState>,
    /// Where the orders come from, if `server sync` brings them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_source: Option<OrderSource>,
}

/// A status that no figure knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownStatus {
    /// In lower case; empty where orders have none.
    pub status: String,
    pub orders: u64,
}

/// How many statuses, and how many letters of each, a sentence names.
const NAMED: usize = 5;
const NAMED_LETTERS: usize = 40;

/// "212 orders have a status that no figure knows: cancelled 180, refunded 32. Set
/// NOT_REVENUE_STATUSES".
pub fn about_unknown_statuses(statuses: &[UnknownStatus]) -> Option<String> {
    let (first, others) = statuses.split_at(statuses.len().min(NAMED));
    let named = first.iter().map(|UnknownStatus { status, orders }| {
        let name: String = status.chars().take(NAMED_LETTERS).collect();
        let name = if name.is_empty() { "(none)" } else { &name };
        format!("{name} {}", grouped(*orders))
    });
    let mut named = named.collect::<Vec<_>>().join(", ");
    if !others.is_empty() {
        named += &format!(" and {} more", others.len());
    }
    let orders = statuses.iter().map(|status| status.orders).sum();
    let have = if orders == 1 { "has" } else { "have" };
    (orders > 0).then(|| {
        format!(
            "{} {have} a status that no figure knows: {named}. Set NOT_REVENUE_STATUSES",
            counted(orders, "order")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_statuses_are_named_with_their_orders() {
        let unknown = |statuses: &[(&str, u64)]| {
            let statuses = statuses.iter().map(|(status, orders)| UnknownStatus {
                status: (*status).to_owned(),
                orders: *orders,
            });
            about_unknown_statuses(&statuses.collect::<Vec<_>>())
        };
        assert_eq!(
            unknown(&[("cancelled", 180), ("refunded", 32)]).as_deref(),
            Some(
                "212 orders have a status that no figure knows: cancelled 180, refunded 32. Set \
                 NOT_REVENUE_STATUSES"
            )
        );
        assert_eq!(
            unknown(&[("", 1)]).as_deref(),
            Some("1 order has a status that no figure knows: (none) 1. Set NOT_REVENUE_STATUSES")
        );
        let many = [("a", 1); 12];
        let many = unknown(&many).expect("a sentence");
        assert!(
            many.contains("a 1, a 1, a 1, a 1, a 1 and 7 more. Set"),
            "{many}"
        );
        assert_eq!(unknown(&[]), None);
    }
}

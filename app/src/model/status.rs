//! The state of the stores behind the page.

use serde::{Deserialize, Serialize};

use super::Timestamp;

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
    /// Documents that no metric can read, because their `total` or `created_at` cannot be used;
    /// `None` where they could not be counted yet.
    pub unreadable: Option<u64>,
    /// How many order ids more than one document has; likewise.
    pub duplicates: Option<u64>,
    /// Orders, cache, archive: in this order.
    pub sources: Vec<SourceState>,
}

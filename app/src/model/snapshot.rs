//! An answer together with where and when it came from.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Half-open: an order belongs to it when `from <= created_at < to`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Where an answer was read.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Computed by the order store for this request.
    Database,
    /// Computed earlier, and still within its lifetime.
    Cache,
    /// The last known answer: the order store is down, or has not yet computed the next one.
    StaleCache,
}

/// A metric's answer: the data, the exact window, when it was computed, how long that took and
/// where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot<T> {
    pub data: T,
    /// `None` where the metric reads the whole store.
    pub window: Option<Window>,
    pub computed_at: Timestamp,
    /// How long the computation took, in milliseconds, to the microsecond.
    pub took_ms: f64,
    pub source: Source,
    /// Why the last known answer is shown. `None` from other sources; then it is not on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_because: Option<String>,
    /// Since when the next answer is being computed, if that is the reason; else not on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computing_since: Option<Timestamp>,
}

impl<T> Snapshot<T> {
    /// The same with other data.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Snapshot<U> {
        Snapshot {
            data: change(self.data),
            window: self.window,
            computed_at: self.computed_at,
            took_ms: self.took_ms,
            source: self.source,
            stale_because: self.stale_because,
            computing_since: self.computing_since,
        }
    }
}

//! Entries: rows that other programs read, and what this program reads.

use app::model::refresh::fingerprint_of_text;
use app::model::{Snapshot, Source, Timestamp, Window};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Rows;

/// An entry of another version is a miss. Increase it when rows or meta change.
const VERSION: u32 = 3;

/// The two cached texts of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The answer as a JSON array, in the shape that other programs read.
    pub rows: String,
    /// The answer in this program's shape, with its metadata, as a JSON object.
    pub meta: String,
}

/// An answer without its source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cached<T> {
    pub data: T,
    pub window: Option<Window>,
    pub computed_at: Timestamp,
    pub took_ms: f64,
}

#[derive(Serialize, Deserialize)]
struct Meta<A> {
    version: u32,
    /// Ties the meta to its rows: an answer whose rows were replaced or deleted is a miss.
    rows_hash: String,
    answer: A,
}

impl<T: Clone> Cached<T> {
    /// The answer as it was found at `source`.
    pub fn snapshot(&self, source: Source) -> Snapshot<T> {
        Snapshot {
            data: self.data.clone(),
            window: self.window,
            computed_at: self.computed_at,
            took_ms: self.took_ms,
            source,
            stale_because: None,
            computing_since: None,
        }
    }
}

impl<T: Rows + Serialize + DeserializeOwned> Cached<T> {
    pub fn to_entry(&self) -> Result<Entry, serde_json::Error> {
        let rows = self.data.to_rows()?;
        let meta = serde_json::to_string(&Meta {
            version: VERSION,
            rows_hash: fingerprint_of_text(&rows),
            answer: self,
        })?;
        Ok(Entry { rows, meta })
    }

    /// Parses the result of [`Cached::to_entry`]; `None` for anything else.
    pub fn from_entry(entry: &Entry) -> Option<Self> {
        let meta: Meta<Self> = serde_json::from_str(&entry.meta).ok()?;
        let ours = meta.version == VERSION && meta.rows_hash == fingerprint_of_text(&entry.rows);
        ours.then_some(meta.answer)
    }
}

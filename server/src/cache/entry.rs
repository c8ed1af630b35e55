//! Entries: rows that other programs read, and metadata.

use app::model::refresh::fingerprint_of_text;
use app::model::{Snapshot, Source, Timestamp, Window};
use serde::{Deserialize, Serialize};

use super::Rows;

/// An entry of another version is a miss. Increase it when rows or meta change.
const VERSION: u32 = 1;

/// The two cached texts of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The answer as a JSON array, in the shape that other programs read.
    pub rows: String,
    /// Its metadata as a JSON object.
    pub meta: String,
}

/// An answer without its source.
#[derive(Clone, Debug, PartialEq)]
pub struct Cached<T> {
    pub data: T,
    pub window: Option<Window>,
    pub computed_at: Timestamp,
    pub took_ms: f64,
}

#[derive(Serialize, Deserialize)]
struct Meta {
    version: u32,
    window: Option<Window>,
    computed_at: Timestamp,
    took_ms: f64,
    /// Ties the meta to its rows, because another program may replace the rows.
    rows_hash: String,
}

impl<T> Cached<T> {
    /// The answer as a snapshot from `source`.
    pub fn from_source(self, source: Source) -> Snapshot<T> {
        Snapshot {
            data: self.data,
            window: self.window,
            computed_at: self.computed_at,
            took_ms: self.took_ms,
            source,
            stale_because: None,
            computing_since: None,
        }
    }
}

impl<T: Rows> Cached<T> {
    pub fn to_entry(&self) -> Result<Entry, serde_json::Error> {
        let rows = self.data.to_rows()?;
        let meta = serde_json::to_string(&Meta {
            version: VERSION,
            window: self.window,
            computed_at: self.computed_at,
            took_ms: self.took_ms,
            rows_hash: fingerprint_of_text(&rows),
        })?;
        Ok(Entry { rows, meta })
    }

    /// Parses the result of [`Cached::to_entry`]; `None` for anything else.
    pub fn from_entry(entry: &Entry) -> Option<Self> {
        let meta: Meta = serde_json::from_str(&entry.meta).ok()?;
        if meta.version != VERSION || meta.rows_hash != fingerprint_of_text(&entry.rows) {
            return None;
        }
        Some(Self {
            data: T::from_rows(&entry.rows)?,
            window: meta.window,
            computed_at: meta.computed_at,
            took_ms: meta.took_ms,
        })
    }
}

#[cfg(test)]
mod tests {
    use app::model::ActiveOrders;

    use super::*;

    fn answer() -> Cached<ActiveOrders> {
        Cached {
            data: ActiveOrders {
                pending: 26,
                shipped: 71,
            },
            window: None,
            computed_at: Timestamp::parse("2026-11-23T10:30:00.012+01:00").expect("a time"),
            took_ms: 11.8,
        }
    }

    #[test]
    fn an_answer_survives_the_cache() {
        let entry = answer().to_entry().expect("an entry");
        assert_eq!(Cached::from_entry(&entry), Some(answer()));
    }

    #[test]
    fn rows_of_another_program_are_a_miss() {
        let mut entry = answer().to_entry().expect("an entry");
        entry.rows = entry.rows.replace("26", "27");
        assert_eq!(Cached::<ActiveOrders>::from_entry(&entry), None);
    }

    #[test]
    fn another_version_or_no_meta_is_a_miss() {
        let entry = answer().to_entry().expect("an entry");
        for meta in [
            entry.meta.replace("\"version\":1", "\"version\":2"),
            String::new(),
            "[]".into(),
        ] {
            let entry = Entry {
                meta,
                ..entry.clone()
            };
            assert_eq!(Cached::<ActiveOrders>::from_entry(&entry), None);
        }
    }
}

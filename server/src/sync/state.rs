//! How far the orders are, as it is saved beside them.

use std::collections::BTreeMap;

use app::model::number::{counted, elapsed};
use app::model::{Drift, OrderSource, Timestamp};
use serde::{Deserialize, Serialize};
use tokio_postgres::types::PgLsn;

use super::{SyncError, lsn};
use crate::store::SyncStore;

/// How many rows that are no orders are kept by name.
const MAX_REFUSED: usize = 100;

/// How many seconds a follower may be behind before the page says so.
const MAX_LAG: i64 = 60;
/// The same for loads from time to time.
const MAX_LOAD_AGE: i64 = 60 * 60;
/// How many seconds the page tells of orders that were put right.
const HEALED_SHOWN: i64 = 24 * 60 * 60;

/// How far the orders are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The cluster that the orders come from.
    pub system_id: String,
    pub timeline: i32,
    /// `None` unless following.
    pub slot: Option<String>,
    /// Every transaction that was committed before it is in the orders. `None` unless following.
    #[serde(with = "lsn")]
    pub position: Option<PgLsn>,
    /// The last key of a first load that is not finished; empty before the first page.
    pub copying: Option<String>,
    /// When the orders were as in the source.
    pub caught_up_at: Option<Timestamp>,
    /// From when on the next incremental load reads.
    pub watermark: Option<Timestamp>,
    pub written: u64,
    pub deleted: u64,
    /// Keys of rows that are no orders, with the reason: at most 100.
    pub refused: BTreeMap<String, String>,
    /// Why the stream stands still.
    pub waiting: Option<String>,
    pub healed: Option<Healed>,
    pub drift: Option<Drift>,
}

/// Orders that were put right after a gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Healed {
    pub at: Timestamp,
    pub orders: u64,
    pub reason: String,
}

impl State {
    /// The saved state; `None` before the first sync.
    pub async fn load(store: &dyn SyncStore) -> Result<Option<Self>, SyncError> {
        let Some(json) = store.sync_state().await? else {
            return Ok(None);
        };
        let state = serde_json::from_str(&json);
        state.map(Some).map_err(|error| SyncError::State {
            problem: error.to_string(),
        })
    }

    pub async fn save(&self, store: &dyn SyncStore) -> Result<(), SyncError> {
        let json = serde_json::to_string(self).map_err(|error| SyncError::State {
            problem: error.to_string(),
        })?;
        Ok(store.save_sync_state(json).await?)
    }

    /// What the page shows of it.
    pub fn shown(&self, now: Timestamp) -> OrderSource {
        let follows = self.position.is_some();
        let is_whole = self.copying.is_none();
        let as_of = self.caught_up_at.filter(|_| is_whole);
        let mut notices = Vec::new();
        let limit = if follows { MAX_LAG } else { MAX_LOAD_AGE };
        if let Some(lag) = as_of.map(|as_of| now.seconds_since(as_of))
            && lag > limit
        {
            notices.push(format!(
                "The orders are {} behind PostgreSQL.",
                elapsed(lag)
            ));
        }
        if let Some(waiting) = &self.waiting {
            notices.push(format!("The orders stand still: {waiting}."));
        }
        if let Some(drift) = self.drift.as_ref().filter(|drift| drift.since.is_some()) {
            notices.push(format!(
                "Orders and PostgreSQL differ: {}.",
                drift.sentence(now)
            ));
        }
        if let Some(healed) = &self.healed
            && now.seconds_since(healed.at) < HEALED_SHOWN
        {
            let (orders, at) = (
                counted(healed.orders, "order"),
                healed.at.relative_to(now.day()),
            );
            notices.push(format!("{orders} put right at {at}: {}.", healed.reason));
        }
        if let Some((key, reason)) = self.refused.first_key_value() {
            let rows = counted(self.refused.len() as u64, "row");
            notices.push(format!(
                "{rows} of PostgreSQL cannot be read as orders, the first has the key {key}: {reason}."
            ));
        }
        OrderSource {
            as_of,
            follows,
            drift: self.drift.clone(),
            notices,
        }
    }

    /// Notes which of the keys that were read again are no orders.
    pub(super) fn note_refused(&mut self, read: &[String], refused: Vec<(String, String)>) {
        for key in read {
            self.refused.remove(key);
        }
        for (key, reason) in refused {
            if self.refused.len() < MAX_REFUSED {
                self.refused.insert(key, reason);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use app::model::Cents;
    use chrono::DateTime;

    use super::*;

    fn at(second: i64) -> Timestamp {
        let time = DateTime::from_timestamp(1_700_000_000 + second, 0);
        time.expect("a time").into()
    }

    fn notices(state: &State) -> Vec<String> {
        state.shown(at(0)).notices
    }

    #[test]
    fn the_page_is_told_what_is_wrong_and_only_that() {
        let fine = State {
            position: Some(PgLsn::from(1)),
            caught_up_at: Some(at(-MAX_LAG)),
            ..State::default()
        };
        assert_eq!(notices(&fine), Vec::<String>::new());
        // Loads from time to time may be older.
        let loaded = State {
            position: None,
            caught_up_at: Some(at(-MAX_LOAD_AGE)),
            ..fine.clone()
        };
        assert_eq!(notices(&loaded), Vec::<String>::new());
        let wrong = State {
            caught_up_at: Some(at(-MAX_LAG - 1)),
            waiting: Some("transaction 7 is not shown".to_owned()),
            healed: Some(Healed {
                at: at(-60),
                orders: 3,
                reason: "the slot was gone".to_owned(),
            }),
            drift: Some(Drift {
                orders: 1,
                cents: Cents(1),
                ids: vec!["ORD_1".to_owned()],
                days: 35,
                since: Some(at(-60)),
                compared_at: at(0),
            }),
            refused: [("7".to_owned(), "no total".to_owned())].into(),
            ..fine
        };
        let said = notices(&wrong);
        let expected = [
            "behind PostgreSQL.",
            "transaction 7 is not shown",
            "ORD_1",
            "3 orders put right",
            "the key 7: no total",
        ];
        assert_eq!(said.len(), expected.len(), "{said:?}");
        for (said, words) in said.iter().zip(expected) {
            assert!(said.contains(words), "{words}: {said}");
        }
        // Old news is none.
        let healed = State {
            healed: wrong.healed.map(|healed| Healed {
                at: at(-HEALED_SHOWN),
                ..healed
            }),
            ..loaded
        };
        assert_eq!(notices(&healed), Vec::<String>::new());
    }
}

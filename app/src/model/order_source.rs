//! The database that the orders come from, and how far they are from it.

use serde::{Deserialize, Serialize};

use super::number::{ago, counted};
use super::{Cents, Timestamp};

/// How far the orders are from the database that they come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderSource {
    /// When the orders were last as in the source; `None` before the first load has ended.
    pub as_of: Option<Timestamp>,
    /// Whether every change is followed; else orders are loaded from time to time.
    pub follows: bool,
    pub drift: Option<Drift>,
    /// What somebody should know, one sentence each.
    pub notices: Vec<String>,
}

/// How far the orders are from those of the source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    pub orders: u64,
    /// The sum of the differences, each without its sign.
    pub cents: Cents,
    /// The first of them.
    pub ids: Vec<String>,
    /// Over how many business days.
    pub days: u32,
    /// When drift was first seen; `None` without drift.
    pub since: Option<Timestamp>,
    pub compared_at: Timestamp,
}

impl Drift {
    /// How far, and when they were compared, if that is all.
    pub fn sentence(&self, now: Timestamp) -> String {
        let apart = self.apart(now);
        match self.since {
            Some(_) => apart,
            None => {
                let compared = ago(now.seconds_since(self.compared_at));
                format!("{apart}, compared {compared}")
            }
        }
    }

    /// "3 orders, $41.20 apart since 10:02: ORD_00077, …", or "0 orders, $0.00 apart over 35 days".
    pub fn apart(&self, now: Timestamp) -> String {
        let (orders, cents) = (counted(self.orders, "order"), self.cents);
        let Some(since) = self.since else {
            return format!("{orders}, {cents} apart over {} days", self.days);
        };
        let since = since.relative_to(now.day());
        let ids = self.ids.join(", ");
        let more = if self.orders > self.ids.len() as u64 {
            ", …"
        } else {
            ""
        };
        format!("{orders}, {cents} apart since {since}: {ids}{more}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn drift_is_one_sentence() {
        let now = at("2026-11-23T10:30:00Z");
        let none = Drift {
            orders: 0,
            cents: Cents(0),
            ids: Vec::new(),
            days: 35,
            since: None,
            compared_at: at("2026-11-23T10:29:20Z"),
        };
        assert_eq!(
            none.sentence(now),
            "0 orders, $0.00 apart over 35 days, compared 40 s ago"
        );
        let some = Drift {
            orders: 3,
            cents: Cents(4_120),
            ids: vec!["ORD_00077".to_owned(), "ORD_00078".to_owned()],
            since: Some(at("2026-11-23T10:02:00Z")),
            ..none
        };
        let sentence = some.sentence(now);
        assert!(
            sentence.starts_with("3 orders, $41.20 apart since 10:02"),
            "{sentence}"
        );
        assert!(
            sentence.ends_with(": ORD_00077, ORD_00078, …"),
            "{sentence}"
        );
    }
}

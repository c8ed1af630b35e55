//! A run's window and the names of its objects.

use app::model::Month;
use chrono::{DateTime, Utc};

use crate::calendar::{Calendar, UtcWindow, last_day};
use crate::objects::{BadObjectName, ObjectName};

/// What a run archives; fixed when it starts.
#[derive(Clone, Debug)]
pub struct Target {
    pub month: Month,
    /// The month, or its part before the start.
    pub window: UtcWindow,
    /// The well-known path, by the last day that the run covers: today for the running month.
    pub dated: ObjectName,
}

impl Target {
    /// The part of `month` before `now`.
    pub fn new(
        calendar: Calendar,
        month: Month,
        now: DateTime<Utc>,
    ) -> Result<Self, BadObjectName> {
        let whole = calendar.month(month);
        let day = match now < whole.to {
            true => calendar.day_of(now),
            false => last_day(month),
        };
        let day = day.format("%Y/%m/%d");
        Ok(Self {
            month,
            window: UtcWindow {
                from: whole.from,
                to: whole.to.min(now),
            },
            dated: ObjectName::new(format!("{ORDERS}{day}/orders_export.jsonl"))?,
        })
    }
}

const ORDERS: &str = "shopstream/orders/";

/// The run's own object.
pub fn own(run_id: &str) -> Result<ObjectName, BadObjectName> {
    ObjectName::new(format!("{ORDERS}runs/{run_id}.jsonl"))
}

/// The run's receipt.
pub fn receipt(run_id: &str) -> Result<ObjectName, BadObjectName> {
    ObjectName::new(format!("shopstream/metadata/runs/{run_id}.json"))
}

/// What other programs read about the run that was published last.
pub fn run_info() -> Result<ObjectName, BadObjectName> {
    ObjectName::new("shopstream/metadata/run_info.json")
}

/// The day in a well-known path, "2026-10-31".
pub fn date(dated: &str) -> String {
    let day = dated.strip_prefix(ORDERS).unwrap_or(dated);
    day.split('/').take(3).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use app::model::Timestamp;

    use super::*;

    fn target(zone: &str, month: &str, now: &str) -> Target {
        let calendar: Calendar = zone.parse().expect("a time zone");
        let now = Timestamp::parse(now).expect("a time").utc();
        let month = month.parse().expect("a month");
        Target::new(calendar, month, now).expect("a target")
    }

    #[test]
    fn an_archive_is_named_after_the_last_day_that_it_covers() {
        for (zone, month, now, day) in [
            ("UTC", "2026-11", "2026-11-23T09:30:00Z", "2026/11/23"),
            ("UTC", "2026-11", "2026-11-01T00:00:00Z", "2026/11/01"),
            ("UTC", "2026-10", "2026-11-01T00:00:00Z", "2026/10/31"),
            ("UTC", "2026-12", "2027-01-01T00:00:00Z", "2026/12/31"),
            ("UTC", "2028-02", "2028-03-23T09:30:00Z", "2028/02/29"),
            (
                "Asia/Tokyo",
                "2026-11",
                "2026-11-22T15:00:00Z",
                "2026/11/23",
            ),
            (
                "America/New_York",
                "2026-10",
                "2026-11-01T03:59:59Z",
                "2026/10/31",
            ),
        ] {
            let expected = format!("shopstream/orders/{day}/orders_export.jsonl");
            let target = target(zone, month, now);
            assert_eq!(target.dated.as_str(), expected);
            assert_eq!(date(&expected), day.replace('/', "-"));
        }
    }

    #[test]
    fn the_running_month_ends_now() {
        let target = target("Europe/Berlin", "2026-11", "2026-11-23T09:30:00Z");
        assert_eq!(target.window.from.to_rfc3339(), "2026-10-31T23:00:00+00:00");
        assert_eq!(target.window.to.to_rfc3339(), "2026-11-23T09:30:00+00:00");
    }
}

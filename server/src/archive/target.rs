//! What a run archives, and under which names.

use app::model::Month;
use chrono::{DateTime, NaiveDate, Utc};

use super::{BadObjectName, ObjectName};
use crate::calendar::{Calendar, UtcWindow, last_day};

/// What a run archives; fixed when it starts.
#[derive(Clone, Debug)]
pub struct Target {
    pub month: Month,
    /// The month, or its part before the start.
    pub window: UtcWindow,
    /// The last day that the archive covers: today for the running month.
    pub day: NaiveDate,
    /// The run's own object, until it is verified.
    pub own: ObjectName,
    /// The archive's name.
    pub object: ObjectName,
    /// The name of the run's receipt.
    pub manifest: ObjectName,
    /// The name of what other programs read about the newest archive.
    pub run_info: ObjectName,
}

impl Target {
    /// The part of `month` before `now`.
    pub fn new(
        calendar: &Calendar,
        month: Month,
        now: DateTime<Utc>,
        run_id: &str,
    ) -> Result<Self, BadObjectName> {
        let whole = calendar.month(month);
        let day = if now < whole.to {
            calendar.day_of(now)
        } else {
            last_day(month)
        };
        Ok(Self {
            month,
            window: UtcWindow {
                from: whole.from,
                to: whole.to.min(now),
            },
            day,
            own: own(run_id)?,
            object: ObjectName::new(format!(
                "shopstream/orders/{}/orders_export.jsonl",
                day.format("%Y/%m/%d")
            ))?,
            manifest: manifest(run_id)?,
            run_info: ObjectName::new("shopstream/metadata/run_info.json")?,
        })
    }
}

/// The run's own object, which nobody else writes.
pub fn own(run_id: &str) -> Result<ObjectName, BadObjectName> {
    ObjectName::new(format!("shopstream/orders/runs/{run_id}.jsonl"))
}

/// The run's receipt, for those who have no record of runs.
pub fn manifest(run_id: &str) -> Result<ObjectName, BadObjectName> {
    ObjectName::new(format!("shopstream/metadata/runs/{run_id}.json"))
}

#[cfg(test)]
mod tests {
    use app::model::Timestamp;

    use super::*;

    fn target(zone: &str, month: &str, now: &str) -> Target {
        let calendar = Calendar::new(zone.parse().expect("a time zone"));
        let now = Timestamp::parse(now).expect("a time").utc();
        let month = month.parse().expect("a month");
        Target::new(&calendar, month, now, "01").expect("a target")
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
            assert_eq!(target(zone, month, now).object.as_str(), expected);
        }
    }

    #[test]
    fn the_running_month_ends_now() {
        let target = target("Europe/Berlin", "2026-11", "2026-11-23T09:30:00Z");
        assert_eq!(target.window.from.to_rfc3339(), "2026-10-31T23:00:00+00:00");
        assert_eq!(target.window.to.to_rfc3339(), "2026-11-23T09:30:00+00:00");
    }
}

//! Business days and months: the one place where daylight saving is decided.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use app::model::{Month, Timestamp};

/// Half-open, in UTC: an order belongs to it when `from <= created_at < to`, to the millisecond.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct UtcWindow {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl UtcWindow {
    /// The `days` times 24 hours before `now`.
    pub fn last_days(days: i64, now: DateTime<Utc>) -> Self {
        Self {
            from: now - TimeDelta::days(days),
            to: now,
        }
    }

    /// Whether an order of that instant belongs to it.
    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.from <= instant && instant < self.to
    }
}

/// The calendar of the business time zone.
#[derive(Copy, Clone, Debug)]
pub struct Calendar {
    zone: Tz,
}

impl Calendar {
    /// The calendar of `zone`.
    pub fn new(zone: Tz) -> Self {
        Self { zone }
    }

    /// The zone's IANA name.
    pub fn zone_name(&self) -> &'static str {
        self.zone.name()
    }

    /// The instant with the offset that the zone has then.
    pub fn timestamp(&self, instant: DateTime<Utc>) -> Timestamp {
        instant.with_timezone(&self.zone).fixed_offset().into()
    }

    /// The business day that `instant` falls on: the one that has begun and not ended, as
    /// [`Calendar::start_of`] has it. Where the clocks go back over midnight, the hour that comes
    /// twice is all of the new day, whatever date they show then.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        let shown = instant.with_timezone(&self.zone).date_naive();
        let next = shown + Days::new(1);
        if self.start_of(next) <= instant {
            next
        } else {
            shown
        }
    }

    /// The month that `instant` falls in; `None` before 1970 and after 9999.
    pub fn month_of(&self, instant: DateTime<Utc>) -> Option<Month> {
        use chrono::Datelike;
        let day = self.day_of(instant);
        Month::new(day.year(), day.month()).ok()
    }

    /// The first instant of `day`: midnight, or where the clocks skip midnight, the first instant
    /// after it; where they repeat it, the earlier one.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let at = |seconds| {
            let local = midnight + TimeDelta::seconds(seconds);
            let found = self.zone.from_local_datetime(&local).earliest();
            found.map(|instant| instant.to_utc())
        };
        if let Some(start) = at(0) {
            return start;
        }
        // Everything up to the end of the gap is missing, so that the end is found by halving.
        // It is at any second (Monrovia skipped 44 min 30 s in 1972), a day away at most (Samoa
        // skipped one in 2011).
        let (mut missing, mut there) = (0, 86_400);
        while there - missing > 1 {
            let middle = (missing + there) / 2;
            match at(middle) {
                Some(_) => there = middle,
                None => missing = middle,
            }
        }
        at(there).unwrap_or_else(|| midnight.and_utc())
    }

    /// The whole of `month`.
    pub fn month(&self, month: Month) -> UtcWindow {
        UtcWindow {
            from: self.start_of(first_day(month)),
            to: self.start_of(first_day(month.next())),
        }
    }

    /// The last `count` business days, oldest first; the last one is the day of `now` and ends at
    /// `now`.
    pub fn last_business_days(
        &self,
        count: u64,
        now: DateTime<Utc>,
    ) -> Vec<(NaiveDate, UtcWindow)> {
        let today = self.day_of(now);
        (0..count)
            .rev()
            .map(|back| {
                let day = today - Days::new(back);
                let to = if back == 0 {
                    now
                } else {
                    self.start_of(day + Days::new(1))
                };
                (
                    day,
                    UtcWindow {
                        from: self.start_of(day),
                        to,
                    },
                )
            })
            .collect()
    }

    /// The business day so far.
    pub fn today(&self, now: DateTime<Utc>) -> UtcWindow {
        UtcWindow {
            from: self.start_of(self.day_of(now)),
            to: now,
        }
    }

    /// Yesterday, until as much time had passed as has today; never beyond yesterday's end, which
    /// matters on the day after a shorter one.
    pub fn yesterday_same_time(&self, now: DateTime<Utc>) -> UtcWindow {
        let today = self.today(now);
        let from = self.start_of(self.day_of(now) - Days::new(1));
        UtcWindow {
            from,
            to: (from + (today.to - today.from)).min(today.from),
        }
    }
}

/// The first day of `month`.
fn first_day(month: Month) -> NaiveDate {
    // A Month is valid by construction; the epoch can only stand in for a value that cannot be.
    NaiveDate::from_ymd_opt(month.year(), month.number(), 1).unwrap_or_default()
}

/// The last day of `month`.
pub fn last_day(month: Month) -> NaiveDate {
    first_day(month) + Months::new(1) - Days::new(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        Timestamp::parse(text).expect("an RFC 3339 time").utc()
    }

    fn calendar(zone: &str) -> Calendar {
        Calendar::new(zone.parse().expect("a time zone"))
    }

    fn hours(window: UtcWindow) -> i64 {
        (window.to - window.from).num_hours()
    }

    #[test]
    fn a_day_of_summer_time_has_23_or_25_hours() {
        let berlin = calendar("Europe/Berlin");
        let days = berlin.last_business_days(7, at("2026-03-30T12:00:00Z"));
        let lengths: Vec<i64> = days.iter().map(|(_, window)| hours(*window)).collect();
        assert_eq!(lengths, [24, 24, 24, 24, 24, 23, 14]);
        let days = berlin.last_business_days(2, at("2026-10-26T12:00:00Z"));
        assert_eq!(hours(days[0].1), 25);
    }

    #[test]
    fn days_follow_each_other_without_a_gap() {
        for zone in [
            "America/Sao_Paulo",
            "America/New_York",
            "Asia/Kathmandu",
            "Africa/Cairo",
        ] {
            let days = calendar(zone).last_business_days(400, at("2018-12-31T23:59:59.999Z"));
            for pair in days.windows(2) {
                assert_eq!(pair[0].1.to, pair[1].1.from, "{zone} {}", pair[0].0);
            }
        }
    }

    #[test]
    fn a_skipped_midnight_starts_the_day_later() {
        // In São Paulo the clocks went from 23:59:59 to 01:00:00 on 4 November 2018.
        let start = calendar("America/Sao_Paulo")
            .start_of(NaiveDate::from_ymd_opt(2018, 11, 4).expect("a day"));
        assert_eq!(start, at("2018-11-04T01:00:00-02:00"));
    }

    #[test]
    fn a_gap_may_end_at_any_second_or_be_a_whole_day() {
        for (zone, day, start) in [
            ("Africa/Monrovia", (1972, 1, 7), "1972-01-07T00:44:30Z"),
            ("Pacific/Apia", (2011, 12, 30), "2011-12-31T00:00:00+14:00"),
        ] {
            let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).expect("a day");
            let calendar = calendar(zone);
            assert_eq!(calendar.start_of(day), at(start), "{zone}");
            let before = calendar.day_of(at(start) - TimeDelta::seconds(1));
            assert!(before < day, "{zone}");
        }
    }

    #[test]
    fn an_hour_that_comes_twice_over_midnight_is_of_the_day_that_has_begun() {
        // In St. John's the clocks went from 00:01 on 1 November 2009 back to 23:01.
        let calendar = calendar("America/St_Johns");
        for (instant, month) in [
            ("2009-11-01T02:29:59.999Z", "2009-10"),
            ("2009-11-01T02:30:00Z", "2009-11"),
            ("2009-11-01T03:00:00Z", "2009-11"),
            ("2009-11-01T03:30:00Z", "2009-11"),
        ] {
            let found = calendar.month_of(at(instant)).expect("a month");
            assert_eq!(found.to_string(), month, "{instant}");
            assert!(calendar.month(found).contains(at(instant)), "{instant}");
        }
    }

    #[test]
    fn the_same_time_yesterday_is_elapsed_time() {
        let berlin = calendar("Europe/Berlin");
        // 10:00 on the long day is 11 hours after its midnight.
        let yesterday = berlin.yesterday_same_time(at("2026-10-25T10:00:00+01:00"));
        assert_eq!(yesterday.to, at("2026-10-24T11:00:00+02:00"));
        // 24.5 hours into the long day, yesterday is over.
        let yesterday = berlin.yesterday_same_time(at("2026-10-25T23:30:00+01:00"));
        assert_eq!(yesterday.to, at("2026-10-25T00:00:00+02:00"));
    }

    #[test]
    fn months_end_where_the_next_begins() {
        let new_york = calendar("America/New_York");
        let december = new_york.month("2026-12".parse().expect("a month"));
        assert_eq!(december.from, at("2026-12-01T00:00:00-05:00"));
        assert_eq!(december.to, at("2027-01-01T00:00:00-05:00"));
        assert_eq!(
            new_york.month_of(at("2027-01-01T04:59:59.999Z")),
            Some("2026-12".parse().expect("a month"))
        );
    }
}

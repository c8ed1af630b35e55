//! Business days and months. Only this file knows about daylight saving.

use std::str::FromStr;

use app::model::{Month, Timestamp};
use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

mod zones;

pub use zones::Zones;

/// A half-open window in UTC: it contains an order if `from <= created_at < to`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct UtcWindow {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl UtcWindow {
    /// `days` times 24 hours up to `now`.
    pub fn last_days(days: i64, now: DateTime<Utc>) -> Self {
        Self {
            from: now - TimeDelta::days(days),
            to: now,
        }
    }

    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.from <= instant && instant < self.to
    }

    /// The window hour by hour from its start, whatever the clocks show; the last may be a part of
    /// one.
    pub fn hours(&self) -> Vec<Self> {
        let starts = (0..).map(|hour| self.from + TimeDelta::hours(hour));
        let hour = |from| Self {
            from,
            to: self.to.min(from + TimeDelta::hours(1)),
        };
        starts
            .take_while(|from| *from < self.to)
            .map(hour)
            .collect()
    }
}

/// The calendar of the business time zone, by its IANA name: `"Europe/Berlin".parse()`.
#[derive(Copy, Clone, Debug)]
pub struct Calendar {
    /// Never freed, so that a calendar can be copied: a process has one.
    zone: &'static TimeZone,
}

impl FromStr for Calendar {
    type Err = jiff::Error;

    fn from_str(name: &str) -> Result<Self, jiff::Error> {
        let zone = Box::leak(Box::new(Zones::in_use().get(name)?));
        Ok(Self { zone })
    }
}

impl Calendar {
    /// Days begin at midnight in UTC.
    pub const UTC: Self = Self {
        zone: &TimeZone::UTC,
    };

    /// The zone's IANA name.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The instant with the zone's offset at that time.
    pub fn timestamp(&self, instant: DateTime<Utc>) -> Timestamp {
        self.local(instant).into()
    }

    /// The same, as the clocks in the zone show it.
    fn local(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        // jiff's time ends some hours before the year 10000.
        let second = jiff::Timestamp::from_second(instant.timestamp());
        let offset = self.zone.to_offset(second.unwrap_or(jiff::Timestamp::MAX));
        match FixedOffset::east_opt(offset.seconds()) {
            Some(offset) => instant.with_timezone(&offset),
            None => instant.fixed_offset(),
        }
    }

    /// The business day of `instant`, as [`Calendar::start_of`] defines it. Where the clocks go back
    /// over midnight, the repeated hour belongs to the new day.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        let shown = self.local(instant).date_naive();
        let next = shown + Days::new(1);
        if self.start_of(next) <= instant {
            next
        } else {
            shown
        }
    }

    /// The month of `instant`; `None` before 1970 and after 9999.
    pub fn month_of(&self, instant: DateTime<Utc>) -> Option<Month> {
        let day = self.day_of(instant);
        Month::new(day.year(), day.month()).ok()
    }

    /// The first instant of `day`: midnight. If the clocks skip midnight, it is the end of the gap; if
    /// they repeat it, the earlier midnight.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN).and_utc();
        self.first_second(day)
            .and_then(|second| DateTime::from_timestamp(second, 0))
            .unwrap_or(midnight)
    }

    /// The same in seconds from 1970; `None` outside jiff's time, which ends with the year 9999.
    fn first_second(&self, day: NaiveDate) -> Option<i64> {
        let year = i16::try_from(day.year()).ok()?;
        let date = Date::new(year, day.month() as i8, day.day() as i8).ok()?;
        let midnight = date.at(0, 0, 0, 0);
        let second = |offset: Offset| Some(offset.to_timestamp(midnight).ok()?.as_second());
        match self.zone.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } => second(offset),
            AmbiguousOffset::Fold { before, .. } => second(before),
            // The day starts where the gap ends: at the last change of the clocks before the
            // instant that would be midnight had they not changed, or at that instant.
            AmbiguousOffset::Gap { before, .. } => {
                let unchanged = jiff::Timestamp::from_second(second(before)? + 1).ok()?;
                let change = self.zone.preceding(unchanged).next()?;
                Some(change.timestamp().as_second())
            }
        }
    }

    /// All of `month`.
    pub fn month(&self, month: Month) -> UtcWindow {
        UtcWindow {
            from: self.start_of(first_day(month)),
            to: self.start_of(first_day(month.next())),
        }
    }

    /// The last `count` business days, oldest first. The last one is today and ends at `now`.
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

    /// All of the business day `days` before today.
    pub fn days_ago(&self, days: u64, now: DateTime<Utc>) -> UtcWindow {
        let day = self.day_of(now) - Days::new(days);
        UtcWindow {
            from: self.start_of(day),
            to: self.start_of(day + Days::new(1)),
        }
    }

    /// The same day up to the same elapsed time as today, or all of it if it was shorter.
    pub fn same_time_days_ago(&self, days: u64, now: DateTime<Utc>) -> UtcWindow {
        let (today, day) = (self.today(now), self.days_ago(days, now));
        UtcWindow {
            to: (day.from + (today.to - today.from)).min(day.to),
            ..day
        }
    }
}

/// The first day of `month`.
fn first_day(month: Month) -> NaiveDate {
    // A Month is valid by construction, so the default is never used.
    NaiveDate::from_ymd_opt(month.year(), month.number(), 1).unwrap_or_default()
}

/// The last day of `month`.
pub fn last_day(month: Month) -> NaiveDate {
    first_day(month) + Months::new(1) - Days::new(1)
}

#[cfg(test)]
mod tests;

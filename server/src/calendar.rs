//! Business days and months. Only this file knows about daylight saving.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use app::model::{Month, Timestamp};

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
}

/// The calendar of the business time zone.
#[derive(Copy, Clone, Debug)]
pub struct Calendar {
    zone: Tz,
}

impl Calendar {
    pub fn new(zone: Tz) -> Self {
        Self { zone }
    }

    /// The IANA name of the zone.
    pub fn zone_name(&self) -> &'static str {
        self.zone.name()
    }

    /// The instant with the zone's offset at that time.
    pub fn timestamp(&self, instant: DateTime<Utc>) -> Timestamp {
        instant.with_timezone(&self.zone).fixed_offset().into()
    }

    /// The business day of `instant`, as [`Calendar::start_of`] defines it. Where the clocks go back
    /// over midnight, the repeated hour belongs to the new day.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        let shown = instant.with_timezone(&self.zone).date_naive();
        let next = shown + Days::new(1);
        if self.start_of(next) <= instant {
            next
        } else {
            shown
        }
    }

    /// The month of `instant`; `None` before 1970 and after 9999.
    pub fn month_of(&self, instant: DateTime<Utc>) -> Option<Month> {
        use chrono::Datelike;
        let day = self.day_of(instant);
        Month::new(day.year(), day.month()).ok()
    }

    /// The first instant of `day`: midnight. If the clocks skip midnight, it is the end of the gap; if
    /// they repeat it, the earlier midnight.
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
        // Find the end of the gap by bisection. It may be at any second (Monrovia skipped 44 min 30 s
        // in 1972) and at most a day away (Samoa skipped a day in 2011).
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

    /// Yesterday up to the same elapsed time as today, or all of yesterday if it was shorter.
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
    // A Month is valid by construction, so the default is never used.
    NaiveDate::from_ymd_opt(month.year(), month.number(), 1).unwrap_or_default()
}

/// The last day of `month`.
pub fn last_day(month: Month) -> NaiveDate {
    first_day(month) + Months::new(1) - Days::new(1)
}

#[cfg(test)]
mod tests;

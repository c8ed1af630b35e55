//! Instants as they cross the wire: to the millisecond, with the business time zone's offset.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const WEEKDAYS_IN_FULL: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// An instant with the offset at which it is shown, so that the browser needs no zone database.
///
/// Text and JSON are RFC 3339 with milliseconds: `2026-11-23T10:30:00.000+01:00`. Equality and order
/// ignore the offset.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(DateTime<FixedOffset>);

impl Timestamp {
    /// The instant in UTC.
    pub fn utc(self) -> DateTime<Utc> {
        self.0.to_utc()
    }

    /// Reads RFC 3339; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(Self)
    }

    /// Whole seconds from `earlier` to this instant; negative when it is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_seconds()
    }

    /// Milliseconds since the Unix epoch.
    pub fn milliseconds(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// The calendar day at this offset.
    pub fn day(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// "09:30:00".
    pub fn time_of_day(self) -> String {
        let time = self.0.time();
        format!(
            "{:02}:{:02}:{:02}",
            time.hour(),
            time.minute(),
            time.second()
        )
    }

    /// "09:30".
    pub fn hour_and_minute(self) -> String {
        let time = self.0.time();
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    /// "09:30:00", or on another day than `today` "23 Nov 09:30".
    pub fn relative_to(self, today: NaiveDate) -> String {
        if self.day() == today {
            self.time_of_day()
        } else {
            self.day_and_time()
        }
    }

    /// "23 Nov 09:30".
    pub fn day_and_time(self) -> String {
        format!("{} {}", short_day(self.day()), self.hour_and_minute())
    }

    /// "23 Nov 09:30:00.000".
    pub fn to_the_millisecond(self) -> String {
        let milliseconds = self.0.timestamp_subsec_millis();
        format!(
            "{} {}.{milliseconds:03}",
            short_day(self.day()),
            self.time_of_day()
        )
    }

    /// "23 Nov 2024 09:30".
    pub fn full_day_and_time(self) -> String {
        let (day, time) = (self.day(), self.hour_and_minute());
        format!("{} {} {time}", short_day(day), day.year())
    }

    /// The same, without the year if it is less than half a year from `now`.
    pub fn day_and_time_seen_from(self, now: Self) -> String {
        if (self.0 - now.0).num_days().abs() < 180 {
            self.day_and_time()
        } else {
            self.full_day_and_time()
        }
    }
}

impl From<DateTime<FixedOffset>> for Timestamp {
    fn from(instant: DateTime<FixedOffset>) -> Self {
        Self(instant)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.fixed_offset())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, false))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected an RFC 3339 time"))
    }
}

/// "23 Nov".
pub fn short_day(day: NaiveDate) -> String {
    format!("{} {}", day.day(), MONTHS[day.month0() as usize])
}

/// "Mon 23 Nov".
pub fn weekday_and_day(day: NaiveDate) -> String {
    format!("{} {}", weekday(day), short_day(day))
}

/// "Sunday".
pub fn weekday_in_full(day: NaiveDate) -> &'static str {
    WEEKDAYS_IN_FULL[day.weekday().num_days_from_monday() as usize]
}

/// "Mon".
pub fn weekday(day: NaiveDate) -> &'static str {
    WEEKDAYS[day.weekday().num_days_from_monday() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timestamp(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("an RFC 3339 time")
    }

    #[test]
    fn milliseconds_and_offset_survive_the_wire() {
        let json = r#""2026-11-23T10:30:00.000+01:00""#;
        let read: Timestamp = serde_json::from_str(json).expect("a timestamp");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), json);
    }

    #[test]
    fn the_same_instant_at_another_offset_is_equal() {
        assert_eq!(
            timestamp("2026-11-23T10:30:00+01:00"),
            timestamp("2026-11-23T09:30:00Z")
        );
    }

    #[test]
    fn parts_are_shown_at_the_offset() {
        let late = timestamp("2026-11-22T23:59:58.5-05:00");
        assert_eq!(late.time_of_day(), "23:59:58");
        assert_eq!(late.day_and_time(), "22 Nov 23:59");
        assert_eq!(weekday_and_day(late.day()), "Sun 22 Nov");
        assert_eq!(weekday_in_full(late.day()), "Sunday");
    }

    #[test]
    fn the_year_is_said_where_it_could_be_another() {
        let time = timestamp("2024-11-05T00:00:00Z");
        for (now, shown) in [
            ("2024-11-06T00:00:00Z", "5 Nov 00:00"),
            ("2025-02-06T00:00:00Z", "5 Nov 00:00"),
            ("2026-11-06T00:00:00Z", "5 Nov 2024 00:00"),
            ("2024-05-06T00:00:00Z", "5 Nov 2024 00:00"),
        ] {
            assert_eq!(time.day_and_time_seen_from(timestamp(now)), shown, "{now}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert!(Timestamp::parse("yesterday").is_none());
        assert!(serde_json::from_str::<Timestamp>("12").is_err());
    }
}

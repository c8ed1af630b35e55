//! Short forms of instants and windows.

use chrono::{DateTime, Utc};
use server::calendar::{Calendar, UtcWindow};

/// Parses RFC 3339.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an RFC 3339 time")
}

pub fn window(from: &str, to: &str) -> UtcWindow {
    UtcWindow {
        from: at(from),
        to: at(to),
    }
}

/// A window that contains every order of the tests.
pub fn ever() -> UtcWindow {
    window("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
}

/// The calendar of the zone with that IANA name.
pub fn calendar(zone: &str) -> Calendar {
    zone.parse().expect("a time zone")
}

/// The windows of the last `count` business days.
pub fn days(calendar: Calendar, count: u64, now: DateTime<Utc>) -> Vec<UtcWindow> {
    let days = calendar.last_business_days(count, now);
    days.into_iter().map(|(_, window)| window).collect()
}

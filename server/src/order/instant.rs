//! Times in documents.

use std::ops::{Range, RangeInclusive};

use chrono::{DateTime, Datelike, SecondsFormat, Utc};

use super::decimal::Decimal;
use super::extended;

/// Years on which every store and every RFC 3339 parser agrees.
const YEARS: RangeInclusive<i32> = 1970..=9999;

/// Those years in milliseconds since 1970, for stores that compare before they parse.
pub const MILLISECONDS: Range<i64> = 0..253_402_300_800_000;

/// Parses a time: RFC 3339, or as [`spelled_out`] accepts it, or either in `$date`, which may also be
/// milliseconds. Digits after the millisecond are cut off. `None` for anything else and outside the years 1970 to 9999.
pub fn instant(json: &str) -> Option<DateTime<Utc>> {
    let Some((name, value)) = extended::unwrapped(json) else {
        return parsed(&extended::text(json)?);
    };
    if name != "$date" {
        return None;
    }
    match extended::text(value) {
        Some(text) => parsed(&text),
        None => from_milliseconds(milliseconds(value)?),
    }
}

/// The milliseconds in a `$date`.
pub(super) fn milliseconds(json: &str) -> Option<i64> {
    let text = match extended::unwrapped(json) {
        Some((name, value)) if name.starts_with("$number") => extended::text(value)?,
        _ => json.to_owned(),
    };
    Decimal::parse(&text)?.integer()
}

/// The instant this many milliseconds after 1970; `None` outside the years 1970 to 9999.
pub fn from_milliseconds(milliseconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(milliseconds).filter(|instant| YEARS.contains(&instant.year()))
}

/// RFC 3339 in UTC, with milliseconds unless they are 0: "2026-11-07T18:37:21Z".
pub fn rfc3339(instant: DateTime<Utc>) -> String {
    let format = match instant.timestamp_subsec_millis() {
        0 => SecondsFormat::Secs,
        _ => SecondsFormat::Millis,
    };
    instant.to_rfc3339_opts(format, true)
}

fn parsed(text: &str) -> Option<DateTime<Utc>> {
    // Up to the minute all parts must be at fixed places: chrono would also accept "+02026-1-7 8:7:1".
    let places = text.as_bytes().get(..MINUTE)?;
    let plain = places.iter().enumerate().all(|(place, byte)| match place {
        4 | 7 => *byte == b'-',
        10 => b"Tt ".contains(byte),
        13 => *byte == b':',
        _ => byte.is_ascii_digit(),
    });
    if !plain {
        return None;
    }
    let instant = match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => instant,
        Err(_) => DateTime::parse_from_rfc3339(&spelled_out(text)?).ok()?,
    };
    from_milliseconds(instant.timestamp_millis())
}

/// The bytes of "2026-11-07T18:37".
const MINUTE: usize = 16;

/// As RFC 3339, a time without seconds, without an offset (then it is UTC), or with one as
/// PostgreSQL ("+00"), `bq extract` (" UTC") and old versions of mongoexport ("+0000") write it.
fn spelled_out(text: &str) -> Option<String> {
    let (minute, rest) = text.split_at_checked(MINUTE)?;
    let end = rest.find(|letter: char| !matches!(letter, ':' | '.' | '0'..='9'));
    let (seconds, offset) = rest.split_at(end.unwrap_or(rest.len()));
    let seconds = if seconds.is_empty() { ":00" } else { seconds };
    let (hours, minutes) = match offset.strip_prefix(' ').unwrap_or(offset) {
        "" | "UTC" | "Z" | "z" => ("+00", "00"),
        offset => {
            let (hours, minutes) = offset.split_at_checked(3)?;
            match minutes {
                "" => (hours, "00"),
                _ => (hours, minutes.strip_prefix(':').unwrap_or(minutes)),
            }
        }
    };
    let (day, time) = (&minute[..10], &minute[11..]);
    Some(format!("{day}T{time}{seconds}{hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_parsed_in_every_form() {
        for (json, expected) in [
            (r#""2026-11-07T18:37:21Z""#, "2026-11-07T18:37:21Z"),
            (r#""2026-11-07t18:37:21z""#, "2026-11-07T18:37:21Z"),
            (r#""2026-11-07T18:37:21+01:00""#, "2026-11-07T17:37:21Z"),
            (
                r#""2026-11-07T18:37:21.5-0100""#,
                "2026-11-07T19:37:21.500Z",
            ),
            (r#""2026-11-07 18:37:21""#, "2026-11-07T18:37:21Z"),
            (r#""2026-11-07T18:37:21""#, "2026-11-07T18:37:21Z"),
            (
                r#""2026-11-07 18:37:21.123999""#,
                "2026-11-07T18:37:21.123Z",
            ),
            (r#""2026-11-07T18:37:21.000000Z""#, "2026-11-07T18:37:21Z"),
            (
                r#"{"$date":"2026-11-07T18:37:21Z"}"#,
                "2026-11-07T18:37:21Z",
            ),
            (
                r#"{"$date":"2026-11-07T18:37:21.007Z"}"#,
                "2026-11-07T18:37:21.007Z",
            ),
            (
                r#"{"$date":{"$numberLong":"1794076641000"}}"#,
                "2026-11-07T18:37:21Z",
            ),
            (r#"{"$date":1794076641000}"#, "2026-11-07T18:37:21Z"),
            (r#"{"$date":0}"#, "1970-01-01T00:00:00Z"),
            (r#""9999-12-31T23:59:59.999Z""#, "9999-12-31T23:59:59.999Z"),
            (r#""2028-02-29 00:00:00""#, "2028-02-29T00:00:00Z"),
            (r#""2026-11-07 18:37:21+00""#, "2026-11-07T18:37:21Z"),
            (
                r#""2026-11-07 18:37:21.123+00""#,
                "2026-11-07T18:37:21.123Z",
            ),
            (
                r#""2026-11-07 18:37:21.123456-05""#,
                "2026-11-07T23:37:21.123Z",
            ),
            (r#""2026-11-07 18:37:21+05:30""#, "2026-11-07T13:07:21Z"),
            (r#""2026-11-07 18:37:21 UTC""#, "2026-11-07T18:37:21Z"),
            (r#""2026-11-07 18:37:21.5 UTC""#, "2026-11-07T18:37:21.500Z"),
            (r#""2026-11-07 18:37:21 +0000""#, "2026-11-07T18:37:21Z"),
            (r#""2026-11-07T18:37Z""#, "2026-11-07T18:37:00Z"),
            (r#""2026-11-07 18:37""#, "2026-11-07T18:37:00Z"),
            (r#""2026-11-07T18:37+01:00""#, "2026-11-07T17:37:00Z"),
        ] {
            assert_eq!(
                instant(json).map(rfc3339).as_deref(),
                Some(expected),
                "{json}"
            );
        }
    }

    #[test]
    fn milliseconds_and_years_have_the_same_bounds() {
        let Range { start, end } = MILLISECONDS;
        assert!(from_milliseconds(start).is_some() && from_milliseconds(end - 1).is_some());
        assert!(from_milliseconds(start - 1).is_none() && from_milliseconds(end).is_none());
    }

    #[test]
    fn other_values_are_refused() {
        for json in [
            "null",
            "1794076641000",
            "\"\"",
            r#""yesterday""#,
            r#""2026-11-07""#,
            r#""2026-13-07 18:37:21""#,
            r#""2026-02-29 18:37:21""#,
            r#""2026-11-07 24:00:00""#,
            r#""2026-11-07 18:37:21 and more""#,
            r#""2026-11-7 18:37:21""#,
            r#""2026-11-07 18""#,
            r#""2026-11-07 18:37:""#,
            r#""2026-11-07 18:37:2""#,
            r#""2026-11-07 18:37:21.""#,
            r#""2026-11-07 18:37:21 CET""#,
            r#""2026-11-07 18:37:21  UTC""#,
            r#""2026-11-07 18:37:21 UTC+1""#,
            r#""2026-11-07 18:37:21+0""#,
            r#""2026-11-07 18:37:21+00:""#,
            r#""2026-11-07 18:37:21+99""#,
            r#""2026-11-07 18:37:21é""#,
            r#""0000-01-01T00:00:00Z""#,
            r#""10000-01-01T00:00:00Z""#,
            r#""1969-12-31T23:59:59.999Z""#,
            r#""1970-01-01T00:00:00+01:00""#,
            r#""9999-12-31T23:59:59-01:00""#,
            r#""+10000-01-01T00:00:00Z""#,
            r#"{"$date":-1}"#,
            r#"{"$date":{"$numberLong":"253402300800000"}}"#,
            r#"{"$date":9223372036854775807}"#,
            r#"{"$date":null}"#,
            r#"{"$date":"2026-11-07T18:37:21Z","more":1}"#,
            r#"{"$timestamp":{"t":1,"i":1}}"#,
            "[]",
            "{}",
        ] {
            assert_eq!(instant(json), None, "{json}");
        }
    }
}

//! What can be asked of an archive's line.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::order;

/// A line as it was written; nothing is known of one that is no JSON object. Of a key that is there
/// twice the first value counts, as it does for a server that sorts by it.
#[derive(Copy, Clone, Debug, Default)]
pub struct Line<'a> {
    order_id: Option<&'a RawValue>,
    created_at: Option<&'a RawValue>,
}

impl<'a> Line<'a> {
    /// The line, with its line end or without.
    pub fn of(line: &'a [u8]) -> Self {
        serde_json::from_slice(line).unwrap_or_default()
    }

    /// The order's id: a text as it is, however it was escaped, and anything else as its JSON text.
    /// `null` and an empty text are none: they would make all orders that have them one.
    pub fn order_id(&self) -> Option<String> {
        let json = self.order_id?.get();
        if ["null", "\"\""].contains(&json) {
            return None;
        }
        Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()))
    }

    /// When the order was made.
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        order::instant(self.created_at?.get())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Line<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    OrderId,
    CreatedAt,
    #[serde(other)]
    Other,
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = Line<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut line = Line::default();
        while let Some(key) = map.next_key()? {
            let place = match key {
                Key::OrderId => &mut line.order_id,
                Key::CreatedAt => &mut line.created_at,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            let value = map.next_value()?;
            place.get_or_insert(value);
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(line: &str) -> Option<String> {
        Line::of(line.as_bytes()).order_id()
    }

    #[test]
    fn an_id_is_the_same_however_it_is_written() {
        let plain = id(r#"{"order_id":"é/1"}"#);
        assert_eq!(plain.as_deref(), Some("é/1"));
        assert_eq!(id(r#"{ "total":1, "order_id" : "\u00e9\/1" }"#), plain);
        assert_eq!(id(r#"{"order_id":7}"#).as_deref(), Some("7"));
    }

    #[test]
    fn the_first_of_two_values_counts_and_what_is_inside_does_not() {
        let twice = r#"{"items":{"order_id":"x"},"order_id":"a","order_id":"b"}"#;
        assert_eq!(id(twice).as_deref(), Some("a"));
        let line = br#"{"created_at":"2026-10-01T00:00:00Z","created_at":1,"total":1,"total":2}"#;
        let made = Line::of(line).created_at();
        assert_eq!(made, "2026-10-01T00:00:00Z".parse().ok());
    }

    #[test]
    fn what_is_no_object_says_nothing() {
        for line in [
            "",
            "\n",
            r#"["a","2026-10-01T00:00:00Z"]"#,
            r#"{"order_id":"a""#,
        ] {
            let line = Line::of(line.as_bytes());
            assert_eq!((line.order_id(), line.created_at()), (None, None));
        }
    }
}

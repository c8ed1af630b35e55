//! The id of an order.

use std::fmt;

use super::decimal::Decimal;
use super::extended;

/// The longest id that is a text.
pub const MAX_ID_BYTES: usize = 200;
const OBJECT_ID_DIGITS: usize = 24;

/// An order's id. Ids of different types are different orders; numbers sort first, then texts, then
/// ObjectIds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderId {
    /// Equal by value, however it is written.
    Number(i64),
    /// Of 1 to 200 bytes.
    Text(String),
    /// As 24 hexadecimal digits in lower case.
    Object(String),
}

impl OrderId {
    pub(super) const EXPECTED: &str =
        "a text of 1 to 200 bytes, a whole number of 64 bits or an ObjectId";

    /// Parses JSON in its one form; `None` for any other value.
    pub fn from_json(json: &str) -> Option<Self> {
        if let Some(number) = Decimal::parse(json) {
            return number.integer().map(Self::Number);
        }
        if let Some(text) = extended::text(json) {
            return (1..=MAX_ID_BYTES)
                .contains(&text.len())
                .then_some(Self::Text(text));
        }
        match extended::unwrapped(json)? {
            (name, value) if name == "$oid" => {
                let digits = extended::text(value)?;
                let is_id = digits.len() == OBJECT_ID_DIGITS
                    && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                is_id.then(|| Self::Object(digits.to_ascii_lowercase()))
            }
            _ => None,
        }
    }
}

/// Without its type: "1001" may be a number or a text.
impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) | Self::Object(text) => text.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(json: &str) -> OrderId {
        OrderId::from_json(json).expect(json)
    }

    #[test]
    fn types_differ_and_sort_numbers_texts_object_ids() {
        let object = r#"{"$oid":"65A000000000000000000001"}"#;
        let ids = [
            "-5",
            "999",
            "1001",
            r#""""#,
            r#""1001""#,
            r#""999""#,
            object,
        ];
        let ids: Vec<_> = ids
            .iter()
            .filter_map(|json| OrderId::from_json(json))
            .collect();
        assert_eq!(ids.len(), 6);
        assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
        assert_eq!(id("1001.0"), id("1001"));
        assert_eq!(id(object).to_string(), "65a000000000000000000001");
    }

    #[test]
    fn other_values_are_no_ids() {
        let long = format!("\"{}\"", "x".repeat(MAX_ID_BYTES + 1));
        for json in [
            "1.5",
            "1e19",
            "9223372036854775808",
            r#""""#,
            &long,
            "null",
            "true",
            "[]",
            "{}",
            r#"{"$oid":"65a0"}"#,
            r#"{"$oid":"65a00000000000000000000x"}"#,
            r#"{"$date":"65a000000000000000000001"}"#,
        ] {
            assert_eq!(OrderId::from_json(json), None, "{json}");
        }
    }
}

//! One form for a value, whichever program wrote it.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::value::RawValue;

use super::decimal::Decimal;
use super::fields::Fields;
use super::{OrderId, extended, instant, rfc3339};

/// The value's JSON on one line and without spaces, as an archive has it from every store: numbers
/// of MongoDB's Extended JSON as plain ones, its dates as RFC 3339.
pub fn plain(json: &str) -> Cow<'_, str> {
    match json.as_bytes().first() {
        Some(b'"') if json.contains('\\') => text(json).map_or(json.into(), Cow::Owned),
        Some(b'{') => wrapped(json)
            .or_else(|| object(json))
            .map_or(json.into(), Cow::Owned),
        Some(b'[') => array(json).map_or(json.into(), Cow::Owned),
        Some(b'-' | b'0'..=b'9') => number(json).unwrap_or(json.into()),
        _ => json.into(),
    }
}

/// A decimal as an archive has it: a number, unless JSON has none for it.
pub fn plain_decimal(text: &str) -> String {
    let decimal = Decimal::parse(text);
    let written = decimal.map_or(text.into(), |decimal| decimal.to_string());
    match decimal.and_then(|_| number(&written)) {
        Some(number) => number.into_owned(),
        None => format!(r#"{{"$numberDecimal":{}}}"#, Value::from(written)),
    }
}

/// A whole number of 64 bits as it is, what a double holds as its double writes itself, anything else
/// with all digits of a decimal. More digits than that are rounded to a double. `None` beyond it.
fn number(json: &str) -> Option<Cow<'_, str>> {
    if json != "-0" && json.parse::<i64>().is_ok() {
        return Some(json.into());
    }
    let double = json
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    let shortest = Value::from(double).to_string();
    if shortest == json {
        return Some(json.into());
    }
    let written =
        Decimal::parse(json).filter(|written| Decimal::parse(&shortest) != Some(*written));
    Some(
        written
            .map_or(shortest, |written| written.to_string())
            .into(),
    )
}

fn text(json: &str) -> Option<String> {
    Some(Value::from(extended::text(json)?).to_string())
}

fn object(json: &str) -> Option<String> {
    let fields: Fields = serde_json::from_str(json).ok()?;
    let members = fields
        .iter()
        .map(|(key, value)| format!("{}:{}", Value::from(key), plain(value)));
    Some(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
}

fn array(json: &str) -> Option<String> {
    let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let elements: Vec<_> = elements.iter().map(|value| plain(value.get())).collect();
    Some(format!("[{}]", elements.join(",")))
}

/// Of a value in Extended JSON; `None` for any other, and for one that JSON has no form for.
fn wrapped(json: &str) -> Option<String> {
    if !json.contains("\"$") {
        return None;
    }
    let (name, value) = extended::unwrapped(json)?;
    match name.as_str() {
        "$numberInt" | "$numberLong" => {
            let number: i64 = extended::text(value)?.parse().ok()?;
            Some(number.to_string())
        }
        "$numberDouble" => {
            let number: f64 = extended::text(value)?.parse().ok()?;
            number.is_finite().then(|| Value::from(number).to_string())
        }
        "$numberDecimal" => Some(plain_decimal(&extended::text(value)?)),
        // Old drivers wrote texts like this.
        "$symbol" => text(value),
        "$oid" => match OrderId::from_json(json)? {
            OrderId::Object(digits) => Some(format!(r#"{{"$oid":"{digits}"}}"#)),
            _ => None,
        },
        "$date" => match instant(json) {
            Some(instant) => Some(format!(r#"{{"$date":"{}"}}"#, rfc3339(instant))),
            None => {
                let milliseconds = instant::milliseconds(value)?;
                Some(format!(r#"{{"$date":{{"$numberLong":"{milliseconds}"}}}}"#))
            }
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_values_become_plain_ones() {
        for (json, expected) in [
            (r#"{"$numberDouble":"10.5"}"#, "10.5"),
            (r#"{"$numberDouble":"21.0"}"#, "21.0"),
            (r#"{"$numberDouble":"1E+2"}"#, "100.0"),
            (r#"{ "$numberInt" : "2" }"#, "2"),
            (
                r#"{"$numberLong":"-9223372036854775808"}"#,
                "-9223372036854775808",
            ),
            (
                r#"{"$date":{"$numberLong":"1794076641000"}}"#,
                r#"{"$date":"2026-11-07T18:37:21Z"}"#,
            ),
            (
                r#"{"$date":"2026-11-07T18:37:21.000Z"}"#,
                r#"{"$date":"2026-11-07T18:37:21Z"}"#,
            ),
            (
                "{\"a\": [1.50, {\"$numberInt\":\"2\"}],\n\"b\\n\": {\"c\":{\"$numberDouble\":\"3.0\"}}}",
                r#"{"a":[1.5,2],"b\n":{"c":3.0}}"#,
            ),
            (r#"{"$numberDecimal":"12.50"}"#, "12.5"),
            (r#"{"$numberDecimal":"8.859E+2"}"#, "885.9"),
            (r#""\u00fc\/\n""#, r#""ü/\n""#),
            (r#"{"a": 1.50, "b" : [1e5]}"#, r#"{"a":1.5,"b":[100000.0]}"#),
        ] {
            assert_eq!(plain(json), expected);
        }
    }

    #[test]
    fn a_number_has_one_form() {
        for (json, expected) in [
            ("3", "3"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("3.0", "3.0"),
            ("885.9", "885.9"),
            ("885.90", "885.9"),
            ("1e5", "100000.0"),
            ("1E+2", "100.0"),
            ("1e16", "1e+16"),
            ("10000000000000000000", "1e+19"),
            ("-0", "-0.0"),
            ("0E+3", "0.0"),
            ("1e-400", "1E-400"),
            ("9223372036854775809", "9223372036854775809"),
            ("12345678901234567890000", "12345678901234567890000"),
            (
                "0.1000000000000000000000000000000001",
                "0.1000000000000000000000000000000001",
            ),
            (
                "-12.3400000000000000000000000000001",
                "-12.3400000000000000000000000000001",
            ),
            ("0.00000001234567890123456789", "1.234567890123456789E-8"),
            (
                "1234567890123456789012345e20",
                "1.234567890123456789012345E+44",
            ),
            // More digits than a decimal has.
            ("0.10000000000000000000000000000000000001", "0.1"),
            ("1e-99999999999999999999", "0.0"),
        ] {
            let found = number(json).expect(json);
            assert_eq!(found, expected, "{json}");
            assert_eq!(number(&found).as_deref(), Some(expected), "{json} again");
        }
        assert_eq!(number("1e999"), None);
    }

    #[test]
    fn what_json_has_no_number_for_stays() {
        for json in [
            r#"{"$numberDouble":"NaN"}"#,
            r#"{"$numberDouble":"-Infinity"}"#,
            r#"{"$numberDouble":"1e999"}"#,
            r#"{"$numberInt":"two"}"#,
            r#"{"$date":{"$numberLong":"-1"}}"#,
            r#"{"$oid":"65a000000000000000000001"}"#,
            r#"{"$timestamp":{"t":1,"i":1}}"#,
            r#"{"$binary":{"base64":"AA==","subType":"00"}}"#,
            r#""$numberInt""#,
            r#"{"$numberDecimal":"NaN"}"#,
            r#"{"$numberDecimal":"1E+6000"}"#,
        ] {
            assert_eq!(plain(json), json);
        }
    }
}

//! One form for a value, whichever of MongoDB's two exports it came in.

use serde_json::Value;
use serde_json::value::RawValue;

use super::fields::Fields;
use super::{extended, instant, number, rfc3339};

/// The value's JSON on one line. Integers and doubles of canonical Extended JSON become plain
/// numbers and its dates RFC 3339, as an archive from MongoDB has them; all else stays as it is.
pub fn plain(json: &str) -> String {
    // A value that is nested too deeply for the parts below has been refused.
    parts(json).unwrap_or_else(|| on_one_line(json))
}

/// `None` for a value that stays as it is.
fn parts(json: &str) -> Option<String> {
    if !json.contains("\"$") {
        return None;
    }
    if let Some((name, value)) = extended::unwrapped(json) {
        return match name.as_str() {
            "$numberInt" | "$numberLong" => Some(number::integer(json)?.to_string()),
            "$numberDouble" => double(&extended::text(value)?),
            "$date" => Some(format!(r#"{{"$date":"{}"}}"#, rfc3339(instant(json)?))),
            _ => None,
        };
    }
    if let Ok(fields) = serde_json::from_str::<Fields>(json) {
        let members = fields
            .iter()
            .map(|(key, value)| format!("{}:{}", Value::from(key), plain(value)));
        return Some(format!("{{{}}}", members.collect::<Vec<_>>().join(",")));
    }
    let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let elements: Vec<_> = elements.iter().map(|value| plain(value.get())).collect();
    Some(format!("[{}]", elements.join(",")))
}

/// `None` for NaN and infinities, which JSON has no number for.
fn double(text: &str) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    number.is_finite().then(|| Value::from(number).to_string())
}

/// Valid JSON has line ends only between tokens, where a space means the same.
fn on_one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
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
                r#"{"a":[1.50,2],"b\n":{"c":3.0}}"#,
            ),
        ] {
            assert_eq!(plain(json), expected);
        }
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
            r#"{"a": 1.50, "b" : [1e5]}"#,
        ] {
            assert_eq!(plain(json), json);
        }
    }
}

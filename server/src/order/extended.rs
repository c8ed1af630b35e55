//! MongoDB's Extended JSON: values that JSON has no type for, wrapped as `{"$type": …}`.
//! <https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::amount;

/// The type and value of `{"$type": value}`; `None` for anything else.
pub fn unwrapped(json: &str) -> Option<(String, &str)> {
    if !json.starts_with('{') {
        return None;
    }
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
    let (name, value) = members.pop_first()?;
    (members.is_empty() && name.starts_with('$')).then(|| (name, value.get()))
}

/// The text of a JSON string; `None` for anything else.
pub fn text(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// A whole number that fits 64 bits: `3`, `3.0`, `{"$numberInt": "3"}` and the other wrapped
/// numbers, and `"3"`, which is how our archives write a decimal.
pub fn integer(json: &str) -> Option<i64> {
    match unwrapped(json) {
        None if json.starts_with('"') => amount::whole(&text(json)?),
        None => amount::whole(json),
        Some((name, value)) => match name.as_str() {
            "$numberInt" | "$numberLong" => text(value)?.parse().ok(),
            "$numberDouble" | "$numberDecimal" => amount::whole(&text(value)?),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_in_every_form() {
        for json in [
            "3",
            "3.0",
            "3e0",
            r#"{"$numberInt":"3"}"#,
            r#"{ "$numberLong" : "3" }"#,
            r#"{"$numberDouble":"3.0"}"#,
            r#"{"$numberDecimal":"3"}"#,
            r#""3""#,
            r#""3.0""#,
        ] {
            assert_eq!(integer(json), Some(3), "{json}");
        }
        assert_eq!(integer("-9223372036854775808"), Some(i64::MIN));
    }

    #[test]
    fn what_is_no_whole_number_is_refused() {
        for json in [
            "3.5",
            "9223372036854775808",
            "1e19",
            "1e999",
            r#""3.5""#,
            r#"" 3""#,
            r#""three""#,
            r#""""#,
            "null",
            "[]",
            "{}",
            r#"{"$numberInt":3}"#,
            r#"{"$numberInt":"3","$numberLong":"3"}"#,
            r#"{"$numberDouble":"NaN"}"#,
            r#"{"$numberDouble":"Infinity"}"#,
            r#"{"$oid":"3"}"#,
        ] {
            assert_eq!(integer(json), None, "{json}");
        }
    }
}

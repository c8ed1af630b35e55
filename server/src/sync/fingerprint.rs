//! Documents that mean the same, in whichever form a store keeps them.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// The same for documents that mean the same: some stores keep numbers as doubles, and 12.50 becomes
/// 12.5.
pub fn fingerprint(document: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    add(&document, &mut hasher);
    hasher.finish()
}

fn add(value: &Value, hasher: &mut DefaultHasher) {
    /// Up to here doubles represent every integer.
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Null => 0_u8.hash(hasher),
        Value::Bool(value) => (1_u8, value).hash(hasher),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) if number.unsigned_abs() > EXACT => (2_u8, number).hash(hasher),
            // Plus zero, because there are two zeros.
            (_, number) => (3_u8, (number.unwrap_or_default() + 0.0).to_bits()).hash(hasher),
        },
        Value::String(text) => (4_u8, text).hash(hasher),
        Value::Array(values) => {
            (5_u8, values.len()).hash(hasher);
            values.iter().for_each(|value| add(value, hasher));
        }
        Value::Object(members) => {
            (6_u8, members.len()).hash(hasher);
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            for (key, value) in members {
                key.hash(hasher);
                add(value, hasher);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_alike_if_they_mean_the_same() {
        let document = r#"{"a":12.50,"b":[3,null,{"c":"x","d":9007199254740993}],"e":0.0}"#;
        let alike = r#"{"e":-0.0,"b":[3.0,null,{"d":9007199254740993,"c":"x"}],"a":12.5}"#;
        assert_eq!(fingerprint(document), fingerprint(alike));
        for (was, is) in [
            ("12.50", "12.51"),
            ("null", "0"),
            ("\"x\"", "\"y\""),
            ("993", "992"),
            ("\"a\"", "\"A\""),
            ("[3,", "[3,3,"),
        ] {
            assert_ne!(
                fingerprint(document),
                fingerprint(&document.replace(was, is))
            );
        }
    }
}

//! Documents that mean the same, in whichever form a store keeps them.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// The same for documents that mean the same.
pub fn fingerprint(document: Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    plain(document).to_string().hash(&mut hasher);
    hasher.finish()
}

/// With numbers as doubles, as some stores keep them: 12.50 becomes 12.5. The members of an object
/// are in order already.
fn plain(value: Value) -> Value {
    /// Up to here doubles represent every integer.
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) if integer.unsigned_abs() > EXACT => integer.into(),
            // Plus zero, because there are two zeros.
            (_, number) => number.map(|number| number + 0.0).into(),
        },
        Value::Array(values) => values.into_iter().map(plain).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            members.map(|(name, value)| (name, plain(value))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_alike_if_they_mean_the_same() {
        let of = |document: &str| fingerprint(serde_json::from_str(document).expect("JSON"));
        let document = r#"{"a":12.50,"b":[3,null,{"c":"x","d":9007199254740993}],"e":0.0}"#;
        let alike = r#"{"e":-0.0,"b":[3.0,null,{"d":9007199254740993,"c":"x"}],"a":12.5}"#;
        assert_eq!(of(document), of(alike));
        for (was, is) in [
            ("12.50", "12.51"),
            ("null", "0"),
            ("\"x\"", "\"y\""),
            ("993", "992"),
            ("\"a\"", "\"A\""),
            ("[3,", "[3,3,"),
        ] {
            assert_ne!(of(document), of(&document.replace(was, is)));
        }
    }
}

//! MongoDB's Extended JSON: types that JSON lacks, wrapped as `{"$type": …}`.
//! <https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>

use std::collections::BTreeMap;

use serde_json::value::RawValue;

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

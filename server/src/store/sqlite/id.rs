//! An id as a value of the database, where numbers sort before texts and texts before bytes.

use rusqlite::types::{Value, ValueRef};

use crate::order::OrderId;

pub(super) fn value(id: &OrderId) -> Value {
    match id {
        OrderId::Number(number) => Value::Integer(*number),
        OrderId::Text(text) => Value::Text(text.clone()),
        OrderId::Object(digits) => Value::Blob(digits.clone().into_bytes()),
    }
}

/// The id of that value.
pub(super) fn read(value: ValueRef<'_>) -> OrderId {
    match value {
        ValueRef::Integer(number) => OrderId::Number(number),
        ValueRef::Blob(_) => OrderId::Object(shown(value)),
        other => OrderId::Text(shown(other)),
    }
}

/// The id as the page shows it.
pub(super) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Null | ValueRef::Real(_) => String::new(),
    }
}

//! An order as the document that is stored.

use std::fmt;

use mongodb::bson::error::Error;
use mongodb::bson::{Bson, DateTime, Decimal128, Document, RawDocumentBuf};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::StoreError;
use super::errors::unusable;
use crate::order::Order;

/// The largest document that a server takes, less what it adds itself.
const MOST_BYTES: usize = (16 << 20) - (16 << 10);

/// The order's document, keys in their order, its time as a date. Without `id` the server chooses
/// the `_id`.
pub(super) fn document(order: &Order, id: Option<&str>) -> Result<RawDocumentBuf, StoreError> {
    let mut document = parsed(&order.document).map_err(|error| unfit(order, error.into()))?;
    let created_at = DateTime::from_millis(order.created_at.timestamp_millis());
    // An existing key keeps its place.
    document.insert("created_at", created_at);
    decimal(&mut document, "total", &order.total.plain());
    decimal(&mut document, "quantity", &order.quantity.to_string());
    if let Some(id) = id {
        document.insert("_id", id);
    }
    let raw = RawDocumentBuf::try_from(&document);
    let raw = raw.map_err(|error: Error| unfit(order, error.into()))?;
    match raw.as_bytes().len() {
        bytes if bytes > MOST_BYTES => {
            let size = format!("{bytes} bytes of at most {MOST_BYTES}");
            Err(unfit(order, size.into()))
        }
        _ => Ok(raw),
    }
}

/// Turns a number that came as text back into a decimal. Our archives write decimals as text, and
/// the pipelines cannot calculate with text. What no decimal can hold becomes `read`.
fn decimal(document: &mut Document, key: &str, read: &str) {
    if let Some(Bson::String(text)) = document.get(key) {
        let decimal = text.parse().or_else(|_| read.parse::<Decimal128>());
        if let Ok(decimal) = decimal {
            document.insert(key, decimal);
        }
    }
}

fn unfit(order: &Order, cause: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    let id = &order.order_id;
    unusable(format!("order {id} cannot be stored"), Some(cause))
}

fn parsed(json: &str) -> Result<Document, serde_json::Error> {
    match serde_json::from_str(json)? {
        Json(Bson::Document(document)) => Ok(document),
        Json(_) => Err(de::Error::custom("not a JSON object")),
    }
}

/// JSON as BSON. An object of Extended JSON becomes the value that it stands for. Integers take the
/// smallest type that holds them; beyond 64 bits they become doubles.
struct Json(Bson);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Self)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Bson;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Bson, E> {
        Ok(Bson::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Bson, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Bson, E> {
        Ok(i32::try_from(value).map_or_else(|_| value.into(), Bson::from))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Bson, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Ok(Bson::Double(value as f64)),
        }
    }

    fn visit_f64<E>(self, value: f64) -> Result<Bson, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Bson, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bson, A::Error> {
        let mut values = Vec::new();
        while let Some(Json(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Bson, A::Error> {
        let mut document = Document::new();
        while let Some(key) = map.next_key::<String>()? {
            if document.is_empty() && key.starts_with('$') {
                return extended(key, map);
            }
            let Json(value) = map.next_value()?;
            document.insert(key, value);
        }
        Ok(document.into())
    }
}

/// An object whose first key is `key`.
fn extended<'de, A: MapAccess<'de>>(key: String, mut map: A) -> Result<Bson, A::Error> {
    let mut members = Map::new();
    members.insert(key, map.next_value()?);
    while let Some((key, value)) = map.next_entry()? {
        members.insert(key, value);
    }
    let object = Value::Object(members);
    match (Bson::deserialize(&object), object) {
        (Ok(Bson::Document(_)) | Err(_), Value::Object(members)) => {
            let member = |(key, value)| Ok((key, Json::deserialize(value)?.0));
            let members: Result<Document, serde_json::Error> =
                members.into_iter().map(member).collect();
            members.map(Bson::from).map_err(de::Error::custom)
        }
        (value, _) => value.map_err(de::Error::custom),
    }
}

#[cfg(test)]
mod tests;

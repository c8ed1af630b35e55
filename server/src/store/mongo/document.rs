//! An order as the document that is stored.

use std::fmt;

use mongodb::bson::error::Error;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, DateTime, Decimal128, Document, RawDocumentBuf};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::StoreError;
use super::errors::unusable;
use crate::order::{Order, OrderId};

/// The largest document that a server takes, less what it adds itself.
const MOST_BYTES: usize = (16 << 20) - (16 << 10);

/// The order's document, keys in their order, its time as a date. Without `id` the server chooses
/// the `_id`.
pub(super) fn document(order: &Order, id: Option<&str>) -> Result<RawDocumentBuf, StoreError> {
    let mut document = parsed(&order.document).map_err(|error| unfit(order, error.into()))?;
    let created_at = DateTime::from_millis(order.created_at.timestamp_millis());
    // An existing key keeps its place.
    document.insert("created_at", created_at);
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

/// The id, with its type.
pub(super) fn id(id: &OrderId) -> Bson {
    match id {
        OrderId::Number(number) => (*number).into(),
        OrderId::Text(text) => text.as_str().into(),
        OrderId::Object(digits) => {
            ObjectId::parse_str(digits).map_or_else(|_| digits.as_str().into(), Bson::from)
        }
    }
}

pub(super) fn unfit(order: &Order, cause: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
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
/// smallest type that holds them. A number that its double would write otherwise becomes a decimal.
struct Json(Bson);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        let value = match json.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Some(number(json)),
            Some(b'{') if json.starts_with("{\"$") => extended(json),
            _ => None,
        };
        match value {
            Some(value) => Ok(Self(value)),
            None => serde_json::Deserializer::from_str(json)
                .deserialize_any(JsonVisitor)
                .map(Self)
                .map_err(de::Error::custom),
        }
    }
}

fn number(json: &str) -> Bson {
    if let Ok(number) = json.parse::<i64>() {
        return i32::try_from(number).map_or_else(|_| number.into(), Bson::from);
    }
    let double = json.parse::<f64>().unwrap_or_default();
    let shortest = Value::from(double).to_string();
    match json.parse::<Decimal128>() {
        Ok(decimal) if shortest != json => decimal.into(),
        _ => double.into(),
    }
}

/// `None` for an object that is none of Extended JSON.
fn extended(json: &str) -> Option<Bson> {
    let value: Bson = serde_json::from_str(json).ok()?;
    (!matches!(value, Bson::Document(_))).then_some(value)
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
            let Json(value) = map.next_value()?;
            document.insert(key, value);
        }
        Ok(document.into())
    }
}

#[cfg(test)]
mod tests;

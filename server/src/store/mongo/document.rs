//! An order as the document that is stored.

use std::fmt;

use mongodb::bson::error::Error;
use mongodb::bson::{Bson, DateTime, Decimal128, Document, RawDocumentBuf};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::StoreError;
use super::failure::unusable;
use crate::order::Order;

/// The largest document that a server takes, less what it adds by itself.
const MOST_BYTES: usize = (16 << 20) - (16 << 10);

/// The order's document, keys in their order, with its time as a date; its `_id` is `id`, or the
/// server's choice.
pub(super) fn document(order: &Order, id: Option<&str>) -> Result<RawDocumentBuf, StoreError> {
    let mut document = parsed(&order.document).map_err(|error| unfit(order, error.into()))?;
    let created_at = DateTime::from_millis(order.created_at.timestamp_millis());
    // In its place: a key that is there keeps it.
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

/// A number that came as a text, which is how our archives write a decimal, becomes a decimal again:
/// the pipelines do not calculate with texts. One that no decimal can be becomes what was `read`.
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

/// JSON as BSON. An object that Extended JSON knows becomes what it means, any other stays one;
/// integers are as small as they fit, and a double beyond 64 bits.
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
    match Bson::deserialize(&object) {
        Ok(Bson::Document(_)) | Err(_) => Ok(plain(object)),
        Ok(value) => Ok(value),
    }
}

/// The value, with every object as it is.
fn plain(value: Value) -> Bson {
    match value {
        Value::Null => Bson::Null,
        Value::Bool(value) => value.into(),
        Value::String(text) => text.into(),
        Value::Array(values) => values.into_iter().map(plain).collect::<Vec<_>>().into(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, value)| (key, plain(value)));
            members.collect::<Document>().into()
        }
        Value::Number(number) => match number.as_i64() {
            Some(number) => i32::try_from(number).map_or_else(|_| number.into(), Bson::from),
            None => number.as_f64().map_or(Bson::Null, Bson::from),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::mongo::line;

    fn written(document: &RawDocumentBuf) -> String {
        let mut lines = Vec::new();
        line::write_line(&mut lines, document).expect("a line");
        String::from_utf8(lines).expect("text")
    }

    fn stored(members: &str) -> Document {
        let line =
            format!(r#"{{"order_id":"A",{members}"created_at":"2026-11-07T18:37:21Z","total":1}}"#);
        let order = Order::from_json(&line).expect("an order");
        let raw = document(&order, None).expect("a document");
        assert_eq!(written(&raw), line, "not the same again");
        Document::try_from(raw).expect("a document")
    }

    #[test]
    fn keys_keep_their_order_and_values_their_types() {
        let document =
            stored(r#""z":1,"a":[2.5,null,{"y":true,"x":"text"}],"n":-9007199254740993,"#);
        let keys: Vec<_> = document.keys().map(String::as_str).collect();
        assert_eq!(keys, ["order_id", "z", "a", "n", "created_at", "total"]);
        assert_eq!(document.get("z"), Some(&Bson::Int32(1)));
        assert_eq!(
            document.get("n"),
            Some(&Bson::Int64(-9_007_199_254_740_993))
        );
        let created_at = document.get_datetime("created_at").expect("a date");
        assert_eq!(created_at.timestamp_millis(), 1_794_076_641_000);
    }

    #[test]
    fn extended_json_becomes_what_it_means_and_what_is_none_stays() {
        let document = stored(concat!(
            r#""id":{"$oid":"65650000aabbccddeeff0011"},"pattern":{"$regularExpression":"#,
            r#"{"pattern":"^a","options":"i"}},"odd":{"$oid":"no"},"more":{"$set":{"a":[1]}},"#
        ));
        assert!(document.get_object_id("id").is_ok());
        assert!(matches!(
            document.get("pattern"),
            Some(Bson::RegularExpression(_))
        ));
        assert_eq!(document.get_document("odd").expect("an object").len(), 1);
        assert!(document.get_document("more").is_ok());
    }

    #[test]
    fn numbers_that_are_texts_are_decimals() {
        for (total, stored) in [
            (r#""12.50""#, "12.50"),
            (r#""1E+2""#, "1E+2"),
            (r#"{"$numberDecimal":"12.50"}"#, "12.50"),
            // More digits than a decimal has.
            (r#""12.340000000000000000000000000000000000001""#, "12.34"),
        ] {
            let line = format!(
                r#"{{"order_id":"A","price":"1.10","quantity":"3","created_at":"2026-11-07T18:37:21Z","total":{total}}}"#
            );
            let order = Order::from_json(&line).expect("an order");
            let raw = document(&order, None).expect("a document");
            let again = line.replace(total, &format!("\"{stored}\""));
            assert_eq!(written(&raw), again);
            let document = Document::try_from(raw).expect("a document");
            let total = document.get_decimal128("total").expect("a decimal");
            assert_eq!(total.to_string(), stored);
            assert!(document.get_decimal128("quantity").is_ok());
            // What is not calculated with stays a text.
            assert_eq!(document.get_str("price").ok(), Some("1.10"));
        }
    }

    #[test]
    fn an_id_is_the_documents_and_not_the_archives() {
        let line = r#"{"order_id":"A","created_at":"2026-11-07T18:37:21Z","total":1}"#;
        let order = Order::from_json(line).expect("an order");
        let raw = document(&order, Some("synthetic:A")).expect("a document");
        assert_eq!(raw.get_str("_id").expect("an id"), "synthetic:A");
        assert_eq!(written(&raw), line);
    }

    #[test]
    fn an_order_beyond_what_a_server_takes_is_named() {
        let note = "x".repeat(MOST_BYTES);
        let line = format!(
            r#"{{"order_id":"A","created_at":"2026-11-07T18:37:21Z","total":1,"note":"{note}"}}"#
        );
        let order = Order::from_json(&line).expect("an order");
        let error = document(&order, None).expect_err("too large").to_string();
        assert!(error.contains("order A cannot be stored"), "{error}");
    }
}

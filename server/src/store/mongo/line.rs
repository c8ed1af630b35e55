//! A document as a line of the archive: JSON where JSON has the type, relaxed Extended JSON
//! otherwise.
//! <https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mongodb::bson::error::Error;
use mongodb::bson::raw::{RawElement, RawIter};
use mongodb::bson::spec::ElementType;
use mongodb::bson::{RawBsonRef, RawDocument};

use crate::order::{self, OrderId};

/// Appends the document without line end: keys in their order, `_id` left out, `created_at` as
/// RFC 3339.
pub(super) fn write_line(lines: &mut Vec<u8>, document: &RawDocument) -> Result<(), Error> {
    let top = |element: &RawElement<'_>| match element.key().as_str() {
        "_id" => Shown::Not,
        "created_at" => Shown::AsTime,
        _ => Shown::AsIs,
    };
    object(lines, document.iter_elements(), top)
}

/// Appends a document that [`write_line`] cannot read, as `{"damaged_document":…}`: all its bytes as
/// base64.
pub(super) fn write_damaged(lines: &mut Vec<u8>, document: &RawDocument) {
    let bytes = BASE64_STANDARD.encode(document.as_bytes());
    text(lines, &format!(r#"{{"damaged_document":"{bytes}"}}"#));
}

/// The text of a status, a category or the like: text as it is, nothing for missing and null, JSON
/// for anything else.
pub(super) fn label(value: Option<RawBsonRef<'_>>) -> String {
    match value {
        None | Some(RawBsonRef::Null | RawBsonRef::Undefined) => String::new(),
        Some(RawBsonRef::String(text) | RawBsonRef::Symbol(text)) => text.to_owned(),
        Some(value) => value_json(value),
    }
}

/// The id as the page shows it; JSON for one that is not readable.
pub(super) fn id(value: Option<RawBsonRef<'_>>) -> String {
    let id = value.and_then(|value| OrderId::from_json(&value_json(value)));
    id.map_or_else(|| label(value), |id| id.to_string())
}

fn value_json(value: RawBsonRef<'_>) -> String {
    let mut json = Vec::new();
    // A value that is not BSON has no text.
    let _ = write(&mut json, value);
    String::from_utf8(json).unwrap_or_default()
}

/// What becomes of a member.
enum Shown {
    AsIs,
    AsTime,
    Not,
}

fn object<'a>(
    line: &mut Vec<u8>,
    elements: RawIter<'a>,
    shown: impl Fn(&RawElement<'a>) -> Shown,
) -> Result<(), Error> {
    line.push(b'{');
    let mut first = true;
    for element in elements {
        let element = element?;
        let shown = shown(&element);
        if matches!(shown, Shown::Not) {
            continue;
        }
        if !std::mem::take(&mut first) {
            line.push(b',');
        }
        json(line, element.key().as_str())?;
        line.push(b':');
        match (shown, element.value()) {
            (Shown::AsTime, Ok(RawBsonRef::DateTime(instant))) => {
                match order::from_milliseconds(instant.timestamp_millis()) {
                    Some(instant) => json(line, &order::rfc3339(instant))?,
                    None => json(line, &RawBsonRef::DateTime(instant))?,
                }
            }
            _ => member(line, &element)?,
        }
    }
    line.push(b'}');
    Ok(())
}

/// The value of a document's or an array's member.
fn member(line: &mut Vec<u8>, element: &RawElement<'_>) -> Result<(), Error> {
    use ElementType::{DbPointer, JavaScriptCode, String, Symbol};
    match (element.value(), element.element_type()) {
        (Ok(value), _) => write(line, value),
        // Text that is not UTF-8, which old drivers wrote. Of other types with text in them the
        // driver takes the length from what it has replaced, and then reads past it.
        (Err(_), String | Symbol | JavaScriptCode | DbPointer) => {
            write(line, element.value_utf8_lossy()?.as_raw_bson_ref())
        }
        (Err(damaged), _) => Err(damaged),
    }
}

fn write(line: &mut Vec<u8>, value: RawBsonRef<'_>) -> Result<(), Error> {
    match value {
        RawBsonRef::Document(document) => object(line, document.iter_elements(), |_| Shown::AsIs),
        RawBsonRef::Array(array) => {
            line.push(b'[');
            let elements = RawDocument::from_bytes(array.as_bytes())?.iter_elements();
            for (index, element) in elements.enumerate() {
                if index > 0 {
                    line.push(b',');
                }
                member(line, &element?)?;
            }
            line.push(b']');
            Ok(())
        }
        RawBsonRef::Double(number) if !number.is_finite() => {
            let name = match number {
                number if number.is_nan() => "NaN",
                number if number < 0.0 => "-Infinity",
                _ => "Infinity",
            };
            text(line, &format!(r#"{{"$numberDouble":"{name}"}}"#));
            Ok(())
        }
        RawBsonRef::Decimal128(number) => {
            text(line, &order::plain_decimal(&number.to_string()));
            Ok(())
        }
        RawBsonRef::Symbol(symbol) => json(line, symbol),
        RawBsonRef::JavaScriptCodeWithScope(code) => {
            text(line, r#"{"$code":"#);
            json(line, code.code)?;
            text(line, r#","$scope":"#);
            object(line, code.scope.iter_elements(), |_| Shown::AsIs)?;
            text(line, "}");
            Ok(())
        }
        RawBsonRef::Int64(number) => json(line, &number),
        RawBsonRef::DateTime(instant) => {
            match order::from_milliseconds(instant.timestamp_millis()) {
                Some(instant) => {
                    let instant = order::rfc3339(instant);
                    text(line, &format!(r#"{{"$date":"{instant}"}}"#));
                    Ok(())
                }
                None => json(line, &RawBsonRef::DateTime(instant)),
            }
        }
        RawBsonRef::Binary(binary) => {
            let subtype = u8::from(binary.subtype);
            let bytes = BASE64_STANDARD.encode(binary.bytes);
            let binary =
                format!(r#"{{"$binary":{{"base64":"{bytes}","subType":"{subtype:02x}"}}}}"#);
            text(line, &binary);
            Ok(())
        }
        // In text, the driver's other types write themselves as Extended JSON.
        value => json(line, &value),
    }
}

fn json(line: &mut Vec<u8>, value: &(impl serde::Serialize + ?Sized)) -> Result<(), Error> {
    serde_json::to_writer(line, value).map_err(<Error as serde::ser::Error>::custom)
}

fn text(line: &mut Vec<u8>, text: &str) {
    line.extend_from_slice(text.as_bytes());
}

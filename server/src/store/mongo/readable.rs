//! Which documents are *readable*, by the rule of [`Order::from_json`](crate::order::Order::from_json),
//! and what they are worth.
//!
//! It is checked by comparisons, because values of all types can be compared, in the order of the
//! types. Calculating with a text would fail the whole pipeline, and some servers compute both
//! branches of `$cond`: so the checks stand inside the arithmetic, and null, which every operator
//! takes, in the place of what cannot be computed with. `$match` also looks into arrays, so
//! everything is checked again afterwards.

use app::model::money::MAX_ORDER_CENTS;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, Document, doc};

use super::filters::{Conditions, is_text};
use super::ranges::{EVER, is_within};
use crate::order::{MAX_ID_BYTES, MAX_UNITS};

/// The readable documents that `found` and `filter` match, as `fields` and `cents`.
pub(super) fn readable(mut found: Document, filter: Conditions, fields: Document) -> Vec<Document> {
    found.extend(filter.found);
    let mut readable = doc! { "_id": 0, "total": readable_total(filter.checks) };
    let mut figures = doc! { "cents": cents() };
    for (field, value) in fields {
        figures.insert(field.clone(), 1);
        readable.insert(field, value);
    }
    vec![
        doc! { "$match": found },
        doc! { "$project": readable },
        doc! { "$project": figures },
        doc! { "$match": { "cents": amounts() } },
    ]
}

/// The total of a readable document that passes the checks, null otherwise.
fn readable_total(mut checks: Vec<Document>) -> Document {
    // A little more than the largest amount: it has to fit 64 bits as cents before it is compared.
    let most = MAX_ORDER_CENTS as f64 / 100.0 + 0.5;
    checks.extend([
        between("$total", -most, most),
        is_within(EVER),
        has_readable_id(),
        has_readable_quantity(),
    ]);
    either(doc! { "$and": checks }, "$total".into(), Bson::Null)
}

/// Matches the cents of a readable document.
pub(super) fn amounts() -> Document {
    doc! { "$gte": -MAX_ORDER_CENTS, "$lte": MAX_ORDER_CENTS }
}

/// The total in whole cents, half a cent away from zero; null where the total is.
///
/// The half is `(2 * whole + 1) / 200` dollars, where `whole` are the whole cents. A double that is
/// written with this half, like 1.005, is the one nearest to it, and so is the quotient: their
/// difference is exactly zero. With a decimal nothing is lost.
fn cents() -> Document {
    let sign = either(doc! { "$lt": ["$total", 0] }, (-1).into(), 1);
    let total = doc! { "$multiply": ["$total", sign.clone()] };
    let whole = doc! { "$floor": { "$multiply": [total.clone(), 100] } };
    let half = doc! { "$divide": [{ "$add": [{ "$multiply": [whole.clone(), 2] }, 1] }, 200] };
    let up = either(
        doc! { "$gte": [{ "$subtract": [total, half] }, 0] },
        1.into(),
        0,
    );
    doc! { "$toLong": { "$multiply": [{ "$add": [whole, up] }, sign] } }
}

/// Calculates whether the id is a text of 1 to 200 bytes, a whole number of 64 bits or an ObjectId.
fn has_readable_id() -> Document {
    let is_text = doc! { "$and": [is_text("$order_id"), { "$ne": ["$order_id", ""] }] };
    let is_number = between("$order_id", i64::MIN, i64::MAX);
    // Nothing is calculated with another type.
    let text = either(is_text.clone(), "$order_id".into(), "");
    let number = either(is_number.clone(), "$order_id".into(), 0);
    let bytes = |digit| ObjectId::from_bytes([digit; 12]);
    // In lower case a text is as long, and a symbol is a text.
    doc! { "$or": [
        { "$and": [is_text, { "$lte": [{ "$strLenBytes": { "$toLower": text } }, MAX_ID_BYTES as i64] }] },
        { "$and": [is_number, { "$eq": [{ "$mod": [number, 1] }, 0] }] },
        between("$order_id", bytes(0), bytes(u8::MAX)),
    ] }
}

/// Calculates whether the quantity is a number or missing.
fn has_readable_quantity() -> Document {
    doc! { "$or": [
        { "$eq": [{ "$ifNull": ["$quantity", null] }, null] },
        between("$quantity", f64::MIN, f64::MAX),
    ] }
}

/// Calculates whether the field is of the type of the two values, and not less or more than they.
fn between(field: &str, least: impl Into<Bson>, most: impl Into<Bson>) -> Document {
    doc! { "$and": [{ "$gte": [field, least.into()] }, { "$lte": [field, most.into()] }] }
}

/// The whole units of a possible number, or none.
pub(super) fn units() -> Document {
    let possible = between("$quantity", -MAX_UNITS, MAX_UNITS);
    doc! { "$toLong": either(possible, "$quantity".into(), 0) }
}

pub(super) fn either(condition: Document, then: Bson, otherwise: impl Into<Bson>) -> Document {
    doc! { "$cond": [condition, then, otherwise.into()] }
}

//! Whether a document is readable, by the rule of the pipelines.

use app::model::Cents;
use mongodb::bson::{DateTime, RawBsonRef, RawDocument};

use crate::order;

/// Whether the metrics can read the document, whose `created_at` is `time`.
pub(super) fn is_readable(document: &RawDocument, time: DateTime) -> bool {
    let total = document.get("total").ok().flatten();
    total.and_then(cents).is_some() && order::from_milliseconds(time.timestamp_millis()).is_some()
}

fn cents(total: RawBsonRef<'_>) -> Option<Cents> {
    match total {
        RawBsonRef::Int32(dollars) => Cents::from_dollars(dollars.into()),
        // What a double cannot hold exactly is too large.
        RawBsonRef::Int64(dollars) => Cents::from_dollars(dollars as f64),
        RawBsonRef::Double(dollars) => Cents::from_dollars(dollars),
        RawBsonRef::Decimal128(dollars) => order::decimal_cents(&dollars.to_string()),
        _ => None,
    }
}

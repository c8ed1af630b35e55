//! Every filter and pipeline. They keep to what every server that speaks MongoDB's protocol can
//! do; names are merged, averages made and rows sorted in Rust (see `rows.rs`), where every store
//! does it alike.
//!
//! A document is *readable* when its `total` is a number of at most [`MAX_ORDER_CENTS`] and its
//! `created_at` a date of the years 1970 to 9999. Both are checked by comparing, since values of
//! every type can be compared, in the order of the types; calculating with a text would fail the
//! whole pipeline. What `$match` compares, it compares within arrays, too: hence the check again.

use app::model::money::MAX_ORDER_CENTS;
use mongodb::bson::{Bson, DateTime, Document, doc};

use super::ranges::within_any;
use crate::order::MILLISECONDS;
use crate::store::span::Span;

/// The field that a pipeline's count is in.
pub(super) const COUNT: &str = "count";

/// The `_id` of a synthetic order starts with this, and no other's does.
pub(super) const SYNTHETIC: &str = "synthetic:";
/// The smallest text after all of them.
const AFTER_SYNTHETIC: &str = "synthetic;";

/// More units in one order do not count, nor does a part of one.
const MOST_UNITS: i64 = 1_000_000_000;

/// The years that times may be in.
const EVER: Span = Span {
    from: MILLISECONDS.start,
    to: MILLISECONDS.end,
};

/// Cents and orders of each category in the span, those not returned.
pub(super) fn category_revenue(span: Span) -> Vec<Document> {
    let mut pipeline = readable(within(span), Some(not_returned()), doc! { "category": 1 });
    pipeline.push(doc! { "$group": {
        "_id": "$category",
        "cents": { "$sum": "$cents" },
        "orders": { "$sum": 1 },
    } });
    pipeline
}

/// Cents, units and categories of each product in the span, those not returned.
pub(super) fn top_products(span: Span) -> Vec<Document> {
    let fields = doc! { "product_id": 1, "category": 1, "units": units() };
    let mut pipeline = readable(within(span), Some(not_returned()), fields);
    pipeline.push(doc! { "$group": {
        "_id": "$product_id",
        // Null, since nothing would be left out.
        "categories": { "$addToSet": { "$ifNull": ["$category", null] } },
        "cents": { "$sum": "$cents" },
        "units": { "$sum": "$units" },
    } });
    pipeline
}

/// One row: for window n its orders as `orders_n`, and the cents of those not returned as
/// `cents_n`. One pipeline, so that all are of one moment.
pub(super) fn figures(spans: &[Span]) -> Vec<Document> {
    let fields = doc! { "created_at": 1, "status": 1 };
    let mut pipeline = readable(within_any(spans), None, fields);
    let mut group = doc! { "_id": null };
    for (number, span) in spans.iter().enumerate() {
        let inside = contains(*span);
        let sold = doc! { "$and": [inside.clone(), not_returned()] };
        group.insert(
            orders_of(number),
            doc! { "$sum": either(inside, 1.into(), 0) },
        );
        let cents = either(sold, "$cents".into(), 0_i64);
        group.insert(cents_of(number), doc! { "$sum": cents });
    }
    pipeline.push(doc! { "$group": group });
    pipeline
}

/// The same without cents.
pub(super) fn order_counts(spans: &[Span]) -> Vec<Document> {
    let mut pipeline = readable(within_any(spans), None, doc! { "created_at": 1 });
    let mut group = doc! { "_id": null };
    for (number, span) in spans.iter().enumerate() {
        let inside = contains(*span);
        group.insert(
            orders_of(number),
            doc! { "$sum": either(inside, 1.into(), 0) },
        );
    }
    pipeline.push(doc! { "$group": group });
    pipeline
}

pub(super) fn orders_of(window: usize) -> String {
    format!("orders_{window}")
}

pub(super) fn cents_of(window: usize) -> String {
    format!("cents_{window}")
}

/// Pending and shipped orders, and what an array of such words finds.
pub(super) fn active_orders() -> Vec<Document> {
    let filter = doc! { "status": { "$in": ["pending", "shipped"] } };
    let mut pipeline = readable(filter, None, doc! { "status": 1 });
    pipeline.push(doc! { "$group": { "_id": "$status", "orders": { "$sum": 1 } } });
    pipeline
}

/// The newest orders that can be read; of one instant the highest id first.
pub(super) fn recent_orders(limit: u32) -> Vec<Document> {
    let fields = doc! { "order_id": 1, "created_at": 1, "product_id": 1, "status": 1 };
    let mut pipeline = readable(within(EVER), None, fields);
    // Before anything is computed, so that an index can do it.
    pipeline.insert(1, doc! { "$sort": { "created_at": -1, "order_id": -1 } });
    pipeline.push(doc! { "$limit": i64::from(limit) });
    pipeline
}

/// The oldest time from `since` on, of an order that can be read or not.
pub(super) fn oldest_since(since: i64) -> Vec<Document> {
    let mut span = EVER;
    span.from = span.from.max(since);
    let created_at = either(contains(span), "$created_at".into(), Bson::Null);
    vec![
        doc! { "$match": within(span) },
        doc! { "$sort": { "created_at": 1 } },
        doc! { "$project": { "_id": 0, "created_at": created_at } },
        doc! { "$match": within(span) },
        doc! { "$limit": 1 },
    ]
}

/// How many documents of the whole collection no metric can read.
pub(super) fn unreadable() -> Vec<Document> {
    let mut pipeline = readable(doc! {}, None, doc! {});
    pipeline.pop();
    pipeline.push(doc! { "$match": { "cents": { "$not": amounts() } } });
    pipeline.extend(count());
    pipeline
}

/// How many documents have an `order_id` that an earlier one has.
pub(super) fn duplicates() -> Vec<Document> {
    vec![
        doc! { "$group": { "_id": "$order_id", "documents": { "$sum": 1 } } },
        doc! { "$match": { "documents": { "$gt": 1 } } },
        doc! { "$group": { "_id": null, COUNT: { "$sum": 1 } } },
    ]
}

/// How many orders are older than `instant`, in milliseconds.
pub(super) fn before(instant: i64) -> Vec<Document> {
    let filter = doc! { "created_at": { "$lt": DateTime::from_millis(instant) } };
    let mut pipeline = vec![doc! { "$match": filter }];
    pipeline.extend(count());
    pipeline
}

/// The documents of the span; also those with an array that holds a date of it.
pub(super) fn within(span: Span) -> Document {
    doc! { "created_at": { "$gte": date(span.from), "$lt": date(span.to) } }
}

/// Synthetic orders.
pub(super) fn synthetic() -> Document {
    doc! { "_id": { "$gte": SYNTHETIC, "$lt": AFTER_SYNTHETIC } }
}

/// All others, whatever the type of their `_id`. Each half is a range of the `_id` index, which
/// the opposite of [`synthetic`] as one condition would not be.
pub(super) fn others() -> Document {
    doc! { "$or": [
        { "_id": { "$not": { "$gte": SYNTHETIC } } },
        { "_id": { "$not": { "$lt": AFTER_SYNTHETIC } } },
    ] }
}

fn count() -> [Document; 1] {
    [doc! { "$group": { "_id": null, COUNT: { "$sum": 1 } } }]
}

/// The readable documents that `filter` finds and for which `and` holds, as `fields` and `cents`.
fn readable(filter: Document, and: Option<Document>, fields: Document) -> Vec<Document> {
    let mut checks = vec![
        doc! { "$gte": ["$total", -most_dollars()] },
        doc! { "$lte": ["$total", most_dollars()] },
        contains(EVER),
    ];
    checks.extend(and);
    // As `Cents::from_dollars` rounds.
    let cents = doc! { "$toLong": { "$floor": {
        "$add": [{ "$multiply": ["$total", 100] }, 0.5],
    } } };
    let mut project = doc! {
        "_id": 0,
        "cents": either(doc! { "$and": checks }, cents.into(), Bson::Null),
    };
    project.extend(fields);
    vec![
        doc! { "$match": filter },
        doc! { "$project": project },
        doc! { "$match": { "cents": amounts() } },
    ]
}

fn amounts() -> Document {
    doc! { "$gte": -MAX_ORDER_CENTS, "$lte": MAX_ORDER_CENTS }
}

/// A little more than the largest amount: it has to fit 64 bits as cents before it is compared.
fn most_dollars() -> f64 {
    (MAX_ORDER_CENTS as f64 + 2.0) / 100.0
}

fn not_returned() -> Document {
    doc! { "$ne": ["$status", "returned"] }
}

/// Whole units of a possible number, or none.
fn units() -> Document {
    let possible = doc! { "$and": [
        { "$gte": ["$quantity", -MOST_UNITS] },
        { "$lte": ["$quantity", MOST_UNITS] },
    ] };
    let whole = doc! { "$eq": ["$quantity", { "$floor": "$quantity" }] };
    let units = either(whole, doc! { "$toLong": "$quantity" }.into(), 0_i64);
    either(possible, units.into(), 0_i64)
}

/// Whether `created_at` is a date of the span.
fn contains(span: Span) -> Document {
    doc! { "$and": [
        { "$gte": ["$created_at", date(span.from)] },
        { "$lt": ["$created_at", date(span.to)] },
    ] }
}

/// The second branch is not evaluated where the first is taken, and the other way round.
fn either(condition: Document, then: Bson, otherwise: impl Into<Bson>) -> Document {
    doc! { "$cond": [condition, then, otherwise.into()] }
}

fn date(milliseconds: i64) -> DateTime {
    DateTime::from_millis(milliseconds)
}

#[cfg(test)]
mod tests;

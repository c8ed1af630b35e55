//! Every pipeline. They use only what every server that speaks MongoDB's protocol can do.

use mongodb::bson::{Bson, Document, doc};

use super::document;
use super::filters::{Conditions, literal, status};
use super::ranges::{date, is_within, within, within_any};
use super::readable::{amounts, either, readable, units};
use crate::order::OrderId;
use crate::store::span::Span;
use crate::store::{Dimension, PENDING, Position, RETURNED, SHIPPED, StatusRules};

/// The field that a pipeline's count is in.
pub(super) const COUNT: &str = "count";

/// One row: for window n its orders as `orders_n`, those returned as `returned_n`, and the cents
/// of those sold as `cents_n`. One pipeline, so that all are of one moment.
pub(super) fn totals(rules: &StatusRules, filter: Conditions, spans: &[Span]) -> Vec<Document> {
    let fields = doc! { "created_at": 1, "status": status() };
    let mut pipeline = readable(within_any(spans), filter, fields);
    let mut group = doc! { "_id": null };
    for (number, span) in spans.iter().enumerate() {
        let inside = is_within(*span);
        let returned = doc! { "$and": [inside.clone(), { "$eq": ["$status", RETURNED] }] };
        let sold = sold(rules, "$status".into());
        let sold: Vec<_> = [inside.clone()].into_iter().chain(sold).collect();
        let cents = either(doc! { "$and": sold }, "$cents".into(), 0_i64);
        for (field, summed) in [
            (orders_of(number), either(inside, 1.into(), 0)),
            (returned_of(number), either(returned, 1.into(), 0)),
            (cents_of(number), cents),
        ] {
            group.insert(field, doc! { "$sum": summed });
        }
    }
    pipeline.push(doc! { "$group": group });
    pipeline
}

pub(super) fn orders_of(window: usize) -> String {
    format!("orders_{window}")
}

pub(super) fn returned_of(window: usize) -> String {
    format!("returned_{window}")
}

pub(super) fn cents_of(window: usize) -> String {
    format!("cents_{window}")
}

/// Orders, units and cents of each value of the dimension, and of a product its categories and
/// names.
pub(super) fn by(
    rules: &StatusRules,
    dimension: Dimension,
    mut filter: Conditions,
    span: Span,
) -> Vec<Document> {
    filter.checks.extend(sold(rules, status().into()));
    let field = dimension.field();
    let mut fields = doc! { field: 1, "units": units() };
    let mut group = doc! {
        "_id": format!("${field}"),
        "orders": { "$sum": 1 },
        "units": { "$sum": "$units" },
        "cents": { "$sum": "$cents" },
    };
    if dimension == Dimension::Product {
        for (field, all) in [("category", "categories"), ("product_name", "names")] {
            fields.insert(field, 1);
            // A missing value would be left out.
            let value = doc! { "$ifNull": [format!("${field}"), ""] };
            group.insert(all, doc! { "$addToSet": value });
        }
    }
    let mut pipeline = readable(within(span), filter, fields);
    pipeline.push(doc! { "$group": group });
    pipeline
}

/// Pending and shipped orders, the oldest of each, and how many are older than `older_than`.
pub(super) fn active(filter: Conditions, older_than: i64) -> Vec<Document> {
    let statuses: Vec<String> = [PENDING, SHIPPED].into_iter().flat_map(spellings).collect();
    let found = doc! { "status": { "$in": statuses } };
    let fields = doc! { "status": status(), "created_at": 1 };
    let mut pipeline = readable(found, filter, fields);
    let is_older = doc! { "$lt": ["$created_at", date(older_than)] };
    pipeline.push(doc! { "$group": {
        "_id": "$status",
        "orders": { "$sum": 1 },
        "created_at": { "$min": "$created_at" },
        "older": { "$sum": either(is_older, 1.into(), 0) },
    } });
    pipeline
}

/// The newest orders of the span that can be read; of one instant the highest id first.
pub(super) fn orders(
    filter: Conditions,
    span: Span,
    after: Option<&Position>,
    limit: u32,
) -> Vec<Document> {
    let fields = doc! { "order_id": 1, "created_at": 1, "product_id": 1, "status": 1 };
    let mut found = within(span);
    if let Some(after) = after {
        let at = date(after.created_at.timestamp_millis());
        let mut follows = vec![doc! { "created_at": { "$lt": at } }];
        let ids = ids_below(&after.order_id).into_iter();
        follows.extend(ids.map(|ids| doc! { "order_id": ids }));
        found.insert("$or", follows);
    }
    let mut pipeline = readable(found, filter, fields);
    // Before anything is computed, so that an index can sort.
    pipeline.insert(1, doc! { "$sort": { "created_at": -1, "order_id": -1 } });
    pipeline.push(doc! { "$limit": i64::from(limit) });
    pipeline
}

/// Matches lower ids, type by type: a comparison finds only values of the type of its own.
fn ids_below(id: &OrderId) -> Vec<Document> {
    let mut types = vec![doc! { "$lt": document::id(id) }];
    if matches!(id, OrderId::Text(_) | OrderId::Object(_)) {
        types.push(doc! { "$lte": i64::MAX });
    }
    if matches!(id, OrderId::Object(_)) {
        types.push(doc! { "$gte": "" });
    }
    types
}

/// The oldest `created_at` of the span, readable orders or not.
pub(super) fn oldest(span: Span) -> Vec<Document> {
    let created_at = either(is_within(span), "$created_at".into(), Bson::Null);
    vec![
        doc! { "$match": within(span) },
        doc! { "$sort": { "created_at": 1 } },
        doc! { "$project": { "_id": 0, "created_at": created_at } },
        doc! { "$match": within(span) },
        doc! { "$limit": 1 },
    ]
}

/// How many documents of the collection are not readable.
pub(super) fn unreadable() -> Vec<Document> {
    let mut pipeline = readable(doc! {}, Conditions::default(), doc! {});
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
    let filter = doc! { "created_at": { "$lt": date(instant) } };
    let mut pipeline = vec![doc! { "$match": filter }];
    pipeline.extend(count());
    pipeline
}

fn count() -> [Document; 1] {
    [doc! { "$group": { "_id": null, COUNT: { "$sum": 1 } } }]
}

/// Calculates whether the status in lower case is none of those that bring no revenue.
fn sold(rules: &StatusRules, status: Bson) -> impl Iterator<Item = Document> {
    let words = rules.not_revenue.iter();
    words.map(move |word| doc! { "$ne": [status.clone(), literal(word)] })
}

/// The word in lower and upper case, letter by letter: an index finds a few hundred texts at once,
/// but no text without regard to case.
fn spellings(word: &str) -> impl Iterator<Item = String> {
    (0_u32..1 << word.len()).map(move |upper| {
        let letters = word.chars().enumerate();
        let spelled = letters.map(|(place, letter)| match upper >> place & 1 {
            1 => letter.to_ascii_uppercase(),
            _ => letter,
        });
        spelled.collect()
    })
}

#[cfg(test)]
mod tests;

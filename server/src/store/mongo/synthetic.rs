//! Which orders are synthetic: the `_id` of one says so.

use mongodb::bson::{Document, doc};

use super::calls::Calls;
use super::{ORDERS, StoreError};
use crate::order::Order;

/// The `_id` of a synthetic order starts with this, and no other's does.
const SYNTHETIC: &str = "synthetic:";
/// The smallest text after all of them.
const AFTER_SYNTHETIC: &str = "synthetic;";

/// The `_id` of a synthetic order.
pub(super) fn synthetic_id(order: &Order) -> String {
    format!("{SYNTHETIC}{}", order.order_id)
}

/// Matches synthetic orders.
pub(super) fn synthetic() -> Document {
    doc! { "_id": { "$gte": SYNTHETIC, "$lt": AFTER_SYNTHETIC } }
}

/// Matches all others, whatever the type of their `_id`. Each half is a range of the `_id` index,
/// which the opposite of [`synthetic`] as one condition would not be.
pub(super) fn others() -> Document {
    doc! { "$or": [
        { "_id": { "$not": { "$gte": SYNTHETIC } } },
        { "_id": { "$not": { "$lt": AFTER_SYNTHETIC } } },
    ] }
}

/// Whether there is an order that another program has written.
pub(super) async fn holds_others(calls: &Calls) -> Result<bool, StoreError> {
    holds(calls, ORDERS, others()).await
}

/// Whether `collection` holds a document that `filter` matches.
pub(super) async fn holds(
    calls: &Calls,
    collection: &'static str,
    filter: Document,
) -> Result<bool, StoreError> {
    let found = calls.run("demonstration flag", move |database| async move {
        let documents = database.collection::<Document>(collection);
        let found = documents.find_one(filter).projection(doc! { "_id": 1 });
        found.await
    });
    Ok(found.await?.is_some())
}

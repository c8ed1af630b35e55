//! Every write of orders: commands that each replace or insert many of them.

use std::collections::{HashMap, HashSet};

use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, RawArrayBuf, RawDocumentBuf, doc, rawdoc};

use super::calls::Calls;
use super::errors::{DUPLICATE_KEY, refused};
use super::synthetic::{holds_others, others, synthetic_id};
use super::{ORDERS, StoreError, document};
use crate::order::{Order, OrderId};

const OPERATION: &str = "upsert";

/// The largest command. Servers take 100,000 updates in 48 MB; smaller commands stay within their
/// time limit on a slow server, too.
const BATCH: usize = 1_000;
const BATCH_BYTES: usize = 12 << 20;

/// Inserts the orders, or replaces those with the same `order_id`. Of two the later one wins.
pub(super) async fn upsert(calls: &Calls, orders: Vec<Order>) -> Result<(), StoreError> {
    let orders = latest(orders);
    if orders.is_empty() {
        return Ok(());
    }
    // A synthetic order of the same id is deleted first: a replacement would keep the `_id` that
    // makes it synthetic.
    for orders in orders.chunks(BATCH) {
        let ids: Vec<String> = orders.iter().map(synthetic_id).collect();
        delete(calls, doc! { "_id": { "$in": ids } }).await?;
    }
    let update = |order: &Order| Ok((by_id(order)?, document::document(order, None)?));
    let orders: Vec<&Order> = orders.iter().collect();
    write(calls, &orders, update, OnDuplicate::TryAgain).await
}

/// The same for synthetic orders, without those whose `order_id` is taken.
pub(super) async fn upsert_synthetic(calls: &Calls, orders: Vec<Order>) -> Result<(), StoreError> {
    let orders = latest(orders);
    for orders in orders.chunks(BATCH) {
        let taken = taken(calls, orders).await?;
        let free: Vec<&Order> = orders
            .iter()
            .filter(|order| !taken.contains(&order.order_id))
            .collect();
        let update = |order: &Order| {
            let id = synthetic_id(order);
            let document = document::document(order, Some(&id))?;
            // With `order_id`, which may be what the collection is sharded by.
            let mut filter = by_id(order)?;
            filter.append(mongodb::bson::raw::cstr!("_id"), id);
            Ok((filter, document))
        };
        write(calls, &free, update, OnDuplicate::LeaveOut).await?;
    }
    Ok(())
}

/// Deletes the orders that the filter matches; returns how many.
pub(super) async fn delete(calls: &Calls, filter: Document) -> Result<u64, StoreError> {
    let deleted = calls.run("delete orders", |database| async move {
        database
            .collection::<Document>(ORDERS)
            .delete_many(filter)
            .await
    });
    Ok(deleted.await?.deleted_count)
}

/// Which of the orders' `order_id`s are taken by orders of other programs.
async fn taken(calls: &Calls, orders: &[Order]) -> Result<HashSet<OrderId>, StoreError> {
    if !holds_others(calls).await? {
        return Ok(HashSet::new());
    }
    let ids: Vec<Bson> = orders
        .iter()
        .map(|order| document::id(&order.order_id))
        .collect();
    let filter = doc! { "$and": [{ "order_id": { "$in": ids } }, others()] };
    let found = calls.run(OPERATION, |database| async move {
        let orders = database.collection::<Document>(ORDERS);
        let found = orders
            .find(filter)
            .projection(doc! { "_id": 0, "order_id": 1 });
        found.await?.try_collect::<Vec<_>>().await
    });
    let id = |document: Document| match document.get("order_id") {
        // Synthetic ids are texts.
        Some(Bson::String(id)) => Some(OrderId::Text(id.clone())),
        _ => None,
    };
    Ok(found.await?.into_iter().filter_map(id).collect())
}

/// What happens to an order whose unique key is taken.
#[derive(Copy, Clone, PartialEq, Eq)]
enum OnDuplicate {
    /// Two writers inserted it at once. The second attempt replaces it.
    TryAgain,
    LeaveOut,
}

/// One update: which document, and its new content.
type Update = (RawDocumentBuf, RawDocumentBuf);

async fn write(
    calls: &Calls,
    orders: &[&Order],
    update: impl Fn(&Order) -> Result<Update, StoreError>,
    on_duplicate: OnDuplicate,
) -> Result<(), StoreError> {
    let mut orders = orders.iter().peekable();
    while orders.peek().is_some() {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH
            && bytes < BATCH_BYTES
            && let Some(order) = orders.next()
        {
            let (filter, document) = update(order)?;
            bytes += document.as_bytes().len();
            batch.push((filter, document));
        }
        let taken = send(calls, &batch).await?;
        if taken.is_some()
            && on_duplicate == OnDuplicate::TryAgain
            && let Some(message) = send(calls, &batch).await?
        {
            return Err(refused(OPERATION, DUPLICATE_KEY, &message));
        }
    }
    Ok(())
}

/// Sends one command. Where a unique index refused an update, returns its message; all others are
/// written.
async fn send(calls: &Calls, batch: &[Update]) -> Result<Option<String>, StoreError> {
    let mut updates = RawArrayBuf::new();
    for (filter, document) in batch {
        updates.push(rawdoc! { "q": filter.clone(), "u": document.clone(), "upsert": true });
    }
    let reply = calls.run(OPERATION, |database| async move {
        let mut command = rawdoc! { "update": ORDERS, "ordered": false, "updates": updates };
        // A raw command takes no options from the address.
        if let Some(concern) = database.write_concern() {
            let concern = mongodb::bson::serialize_to_raw_document_buf(concern)?;
            command.append(mongodb::bson::raw::cstr!("writeConcern"), concern);
        }
        database.run_raw_command(command).await
    });
    let reply = reply.await?;
    if let Ok(error) = reply.get_document("writeConcernError") {
        let (code, message) = described(error);
        return Err(refused(OPERATION, code, message));
    }
    let errors = reply.get_array("writeErrors").map(Vec::as_slice);
    let errors = errors.unwrap_or_default().iter();
    let mut errors = errors.filter_map(Bson::as_document).map(described);
    match errors.clone().find(|(code, _)| *code != DUPLICATE_KEY) {
        Some((code, message)) => Err(refused(OPERATION, code, message)),
        None => Ok(errors.next().map(|(_, message)| message.to_owned())),
    }
}

fn described(error: &Document) -> (i32, &str) {
    let code = error.get_i32("code").unwrap_or_default();
    (code, error.get_str("errmsg").unwrap_or("no message"))
}

/// Matches the documents of that `order_id`.
fn by_id(order: &Order) -> Result<RawDocumentBuf, StoreError> {
    let filter = doc! { "order_id": document::id(&order.order_id) };
    RawDocumentBuf::try_from(&filter).map_err(|error| document::unfit(order, error.into()))
}

/// The orders without those that a later one of the same id replaces. The server may do the updates
/// of one command in any order.
fn latest(orders: Vec<Order>) -> Vec<Order> {
    let mut places = HashMap::with_capacity(orders.len());
    let mut latest: Vec<Order> = Vec::with_capacity(orders.len());
    for order in orders {
        match places.get(&order.order_id) {
            Some(&place) => latest[place] = order,
            None => {
                places.insert(order.order_id.clone(), latest.len());
                latest.push(order);
            }
        }
    }
    latest
}

//! Whether the store is demonstration data. Adopting it leaves a note in a collection of ours.

use mongodb::bson::{Document, doc};

use super::calls::Calls;
use super::synthetic::{holds, holds_others, synthetic};
use super::{ORDERS, StoreError, indexes, write};

/// The collection of this program's notes.
pub(super) const NOTES: &str = "dashboard";
const ADOPTED: &str = "adopted";

/// True until the store is adopted or holds an order of another program.
pub(super) async fn is_demonstration(calls: &Calls) -> Result<bool, StoreError> {
    Ok(!is_adopted(calls).await? && !holds_others(calls).await?)
}

/// Deletes the synthetic orders, then notes that the store is adopted; returns how many. The note
/// comes last, so that a call that was cut short can be repeated.
pub(super) async fn adopt(calls: &Calls) -> Result<u64, StoreError> {
    if is_adopted(calls).await? {
        return Ok(0);
    }
    let deleted = write::delete(calls, synthetic()).await?;
    let noted = calls.run("adopt", |database| async move {
        let notes = database.collection::<Document>(NOTES);
        let note = doc! { "$set": { "adopted": true } };
        let noted = notes.update_one(doc! { "_id": ADOPTED }, note);
        noted.upsert(true).await
    });
    noted.await?;
    Ok(deleted)
}

/// Drops the orders, then the note. Refuses to drop a view.
pub(super) async fn drop_orders(calls: &Calls) -> Result<(), StoreError> {
    indexes::missing_indexes(calls).await?;
    let dropped = calls.run("drop orders", |database| async move {
        database.collection::<Document>(ORDERS).drop().await?;
        let notes = database.collection::<Document>(NOTES);
        notes.delete_one(doc! { "_id": ADOPTED }).await
    });
    dropped.await.map(|_| ())
}

async fn is_adopted(calls: &Calls) -> Result<bool, StoreError> {
    holds(calls, NOTES, doc! { "_id": ADOPTED }).await
}

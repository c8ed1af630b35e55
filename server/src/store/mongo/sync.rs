//! Orders that are kept as another database has them.

use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use mongodb::bson::{self, Bson, Document, doc};

use super::demonstration::NOTES;
use super::errors::is_duplicate;
use super::run_log::certain;
use super::{MongoStore, ORDERS, StoreError, document, write};
use crate::order::{Order, OrderId};
use crate::store::SyncStore;

const STATE: &str = "sync";
const LEASE: &str = "sync_lease";
const KEY: &str = "source_key";
const KEYS_A_COMMAND: usize = 1_000;

#[async_trait]
impl SyncStore for MongoStore {
    async fn prepare_sync(&self) -> Result<(), StoreError> {
        // Of these two, the other indexes are made by `server migrate`: without them every order
        // that is written would read the whole collection.
        let indexes = [
            doc! { "key": { "order_id": 1 }, "name": "order_id_1", "unique": true },
            doc! { "key": { KEY: 1 }, "name": "source_key_1" },
        ];
        let command = doc! { "createIndexes": ORDERS, "indexes": indexes.to_vec() };
        let calls = self.calls.long();
        let made = calls.run("make indexes", |database| async move {
            database.run_command(command).await
        });
        made.await.map(|_| ())
    }

    async fn replace(&self, keys: Vec<String>, orders: Vec<Order>) -> Result<u64, StoreError> {
        let ours: HashSet<OrderId> = orders.iter().map(|order| order.order_id.clone()).collect();
        write::upsert(&self.calls, orders).await?;
        let mut deleted = 0;
        for keys in keys.chunks(KEYS_A_COMMAND) {
            let values: Vec<Bson> = keys.iter().flat_map(|key| values(key)).collect();
            let of_keys = doc! { "$or": [
                { KEY: { "$in": &values } },
                { KEY: null, "order_id": { "$in": &values } },
            ] };
            let there = self.ids(of_keys).await?.into_iter();
            let others = there.filter(|id| !ours.contains(id));
            let others: Vec<Bson> = others.map(|id| document::id(&id)).collect();
            if !others.is_empty() {
                let others = doc! { "order_id": { "$in": others } };
                deleted += write::delete(&self.calls, others).await?;
            }
        }
        Ok(deleted)
    }

    async fn known(&self, ids: Vec<OrderId>) -> Result<HashSet<OrderId>, StoreError> {
        let ids: Vec<Bson> = ids.iter().map(document::id).collect();
        let found = self.ids(doc! { "order_id": { "$in": ids } }).await?;
        Ok(found.into_iter().collect())
    }

    async fn sync_state(&self) -> Result<Option<String>, StoreError> {
        let found = self.calls.run("state of sync", move |database| async move {
            let notes = certain(&database, NOTES);
            let found = notes.find_one(doc! { "_id": STATE });
            found.await
        });
        let state = |document: Document| document.get_str("state").ok().map(str::to_owned);
        Ok(found.await?.and_then(state))
    }

    async fn save_sync_state(&self, state: String) -> Result<(), StoreError> {
        let saved = self
            .calls
            .run("save the state of sync", move |database| async move {
                let notes = certain(&database, NOTES);
                let state = doc! { "$set": { "state": state } };
                let saved = notes.update_one(doc! { "_id": STATE }, state);
                saved.upsert(true).await
            });
        saved.await.map(|_| ())
    }

    async fn take_sync_lease(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        // Held by another one, the document is not found, and no second one can be inserted.
        let free = doc! {
            "_id": LEASE,
            "$or": [{ "until": { "$lte": date(now) } }, { "holder": holder }],
        };
        let values = doc! { "$set": { "holder": holder, "until": date(until) } };
        self.calls
            .run("take the lease of sync", move |database| async move {
                let notes = certain(&database, NOTES);
                match notes.update_one(free, values).upsert(true).await {
                    Err(error) if is_duplicate(&error) => Ok(false),
                    taken => taken.map(|_| true),
                }
            })
            .await
    }

    async fn release_sync_lease(&self, holder: &str) -> Result<(), StoreError> {
        let own = doc! { "_id": LEASE, "holder": holder };
        let released = self
            .calls
            .run("release the lease of sync", move |database| async move {
                certain(&database, NOTES).delete_one(own).await
            });
        released.await.map(|_| ())
    }
}

impl MongoStore {
    /// The `order_id`s of the documents that the filter matches.
    async fn ids(&self, filter: Document) -> Result<Vec<OrderId>, StoreError> {
        let found = self.calls.run("known orders", move |database| async move {
            let orders = certain(&database, ORDERS);
            let found = orders
                .find(filter)
                .projection(doc! { "_id": 0, "order_id": 1 });
            found.await?.try_collect::<Vec<_>>().await
        });
        let id = |document: &Document| match document.get("order_id")? {
            Bson::String(id) => Some(OrderId::Text(id.clone())),
            Bson::Int32(id) => Some(OrderId::Number((*id).into())),
            Bson::Int64(id) => Some(OrderId::Number(*id)),
            Bson::ObjectId(id) => Some(OrderId::Object(id.to_hex())),
            _ => None,
        };
        Ok(found.await?.iter().filter_map(id).collect())
    }
}

/// What a document may have as the key of this text: the text, or the number.
fn values(key: &str) -> Vec<Bson> {
    let number = key.parse::<i64>().ok();
    let number = number.filter(|number| number.to_string() == key);
    let text = Bson::from(key);
    number.map_or_else(
        || vec![text.clone()],
        |number| vec![text.clone(), number.into()],
    )
}

fn date(instant: DateTime<Utc>) -> bson::DateTime {
    bson::DateTime::from_millis(instant.timestamp_millis())
}

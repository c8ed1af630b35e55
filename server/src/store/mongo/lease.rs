//! Who may archive: one document, changed by one operation at a time.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mongodb::bson::{self, Document, doc};

use super::demonstration::NOTES;
use super::errors::{is_duplicate, unusable};
use super::run_log::certain;
use super::{MongoStore, StoreError};
use crate::store::{Lease, LeaseStore};

const LEASE: &str = "archive_lease";

#[async_trait]
impl LeaseStore for MongoStore {
    async fn take(&self, lease: &Lease, now: DateTime<Utc>) -> Result<Option<Lease>, StoreError> {
        loop {
            // Held by another run, the document is not found, and no second one can be inserted.
            let free = doc! {
                "_id": LEASE,
                "$or": [{ "until": { "$lte": date(now) } }, { "run_id": &lease.run_id }],
            };
            let values = doc! { "run_id": &lease.run_id, "until": date(lease.until) };
            let take = self
                .calls
                .run("take the archive's lease", move |database| async move {
                    let notes = certain(&database, NOTES);
                    let taken = notes.find_one_and_update(free, doc! { "$set": values });
                    match taken.upsert(true).await {
                        Err(error) if is_duplicate(&error) => Ok(false),
                        taken => taken.map(|_| true),
                    }
                });
            if take.await? {
                return Ok(None);
            }
            // Released in between, it is worth another try.
            if let Some(holder) = self.current().await? {
                return Ok(Some(holder));
            }
        }
    }

    async fn renew(&self, lease: &Lease) -> Result<bool, StoreError> {
        let own = doc! { "_id": LEASE, "run_id": &lease.run_id };
        let values = doc! { "$set": { "until": date(lease.until) } };
        let renewed = self
            .calls
            .run("renew the archive's lease", move |database| async move {
                certain(&database, NOTES).update_one(own, values).await
            });
        Ok(renewed.await?.matched_count > 0)
    }

    async fn release(&self, run_id: &str) -> Result<(), StoreError> {
        let own = doc! { "_id": LEASE, "run_id": run_id };
        let released = self
            .calls
            .run("release the archive's lease", move |database| async move {
                certain(&database, NOTES).delete_one(own).await
            });
        released.await.map(|_| ())
    }

    async fn current(&self) -> Result<Option<Lease>, StoreError> {
        let found = self
            .calls
            .run("archive's lease", move |database| async move {
                let notes = certain(&database, NOTES);
                let found = notes.find_one(doc! { "_id": LEASE });
                found.await
            });
        found.await?.as_ref().map(lease).transpose()
    }
}

fn lease(document: &Document) -> Result<Lease, StoreError> {
    let read = || {
        Some(Lease {
            run_id: document.get_str("run_id").ok()?.to_owned(),
            until: DateTime::from_timestamp_millis(
                document.get_datetime("until").ok()?.timestamp_millis(),
            )?,
        })
    };
    read().ok_or_else(|| {
        let problem = format!(
            "the document {LEASE} in the collection {NOTES} is none of this program's; remove it"
        );
        unusable(problem, None)
    })
}

fn date(instant: DateTime<Utc>) -> bson::DateTime {
    bson::DateTime::from_millis(instant.timestamp_millis())
}

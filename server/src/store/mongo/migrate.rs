//! The indexes that the reads need, and the expiry of old orders.

use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};

use super::calls::Calls;
use super::failure::{is_a_view, unusable};
use super::runs_index::{self, RUNS_INDEX};
use super::{ORDERS, StoreError, pipelines};

/// How long orders stay.
const DAYS: i64 = 35;
const SECONDS: i64 = DAYS * 24 * 60 * 60;

/// Index names, as servers derive them from the fields.
const EXPIRY: &str = "created_at_1";
const UNIQUE: &str = "order_id_1";

/// Every index: its name and its fields.
const INDEXES: [(&str, &[&str]); 5] = [
    (EXPIRY, &["created_at"]),
    (
        "created_at_1_status_1_category_1_region_1_quantity_1_total_1",
        &[
            "created_at",
            "status",
            "category",
            "region",
            "quantity",
            "total",
        ],
    ),
    ("created_at_1_order_id_1", &["created_at", "order_id"]),
    (
        "status_1_created_at_1_total_1",
        &["status", "created_at", "total"],
    ),
    (UNIQUE, &["order_id"]),
];

/// What would be done to the database. Finding out changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The indexes that will be made, by name.
    pub indexes: Vec<&'static str>,
    /// Whether `orders` does not exist yet, and will be made with the first index.
    pub creates_orders: bool,
    /// Orders that the server will delete soon after the expiry index is made: those older than 35
    /// days. 0 if the index exists.
    pub would_expire: u64,
    /// How many `order_id`s more than one document has. If there are any, the unique index cannot be
    /// made and is not among `indexes`.
    pub duplicate_ids: u64,
    /// Indexes that are in the way: one line each, with what to do. They are left alone.
    pub conflicts: Vec<String>,
}

impl Migration {
    /// Whether orders will begin to expire.
    pub fn sets_expiry(&self) -> bool {
        self.indexes.contains(&EXPIRY)
    }

    /// Whether there is nothing to do.
    pub fn is_done(&self) -> bool {
        self.indexes.is_empty() && self.duplicate_ids == 0 && self.conflicts.is_empty()
    }
}

/// What has to be done. [`StoreError::Unusable`] when `orders` is a view.
pub(super) async fn migration(calls: &Calls, now: DateTime<Utc>) -> Result<Migration, StoreError> {
    let there = indexes_there(calls).await?;
    let mut migration = compared(there.as_deref());
    let limit = calls.limits.migrate;
    if migration.indexes.contains(&EXPIRY) {
        let expired = (now - TimeDelta::days(DAYS)).timestamp_millis();
        let counted = calls.counted("count expired orders", limit, pipelines::before(expired));
        migration.would_expire = counted.await?;
    }
    if migration.indexes.contains(&UNIQUE) {
        let counted = calls.counted("look for duplicates", limit, pipelines::duplicates());
        migration.duplicate_ids = counted.await?;
        if migration.duplicate_ids > 0 {
            migration.indexes.retain(|name| *name != UNIQUE);
        }
    }
    if runs_index::is_missing(calls).await? {
        migration.indexes.push(RUNS_INDEX);
    }
    Ok(migration)
}

/// Makes the indexes, those of the orders in one command.
pub(super) async fn migrate(calls: &Calls, migration: &Migration) -> Result<(), StoreError> {
    if migration.indexes.contains(&RUNS_INDEX) {
        runs_index::make(calls).await?;
    }
    let indexes: Vec<Document> = INDEXES
        .iter()
        .filter(|(name, _)| migration.indexes.contains(name))
        .map(|(name, fields)| index(name, fields))
        .collect();
    if indexes.is_empty() {
        return Ok(());
    }
    let command = doc! { "createIndexes": ORDERS, "indexes": indexes };
    let made = calls.run(
        "make indexes",
        calls.limits.migrate,
        |database| async move { database.run_command(command).await },
    );
    made.await.map(|_| ())
}

/// The names of the indexes that are missing or wrong.
pub(super) async fn missing_indexes(calls: &Calls) -> Result<Vec<&'static str>, StoreError> {
    let there = indexes_there(calls).await?.unwrap_or_default();
    let missing = INDEXES
        .iter()
        .filter(|(name, fields)| !matches!(state(name, fields, &there), State::There));
    let mut missing: Vec<_> = missing.map(|(name, _)| *name).collect();
    if runs_index::is_missing(calls).await? {
        missing.push(RUNS_INDEX);
    }
    Ok(missing)
}

/// The collection's indexes; `None` without a collection.
async fn indexes_there(calls: &Calls) -> Result<Option<Vec<Document>>, StoreError> {
    let limit = calls.limits.read;
    let found = calls.run("list collections", limit, |database| async move {
        let found = database.list_collections().filter(doc! { "name": ORDERS });
        found.await?.try_collect::<Vec<_>>().await
    });
    let Some(orders) = found.await?.into_iter().find(|found| found.name == ORDERS) else {
        return Ok(None);
    };
    if orders.collection_type == mongodb::results::CollectionType::View {
        return Err(unusable(is_a_view(), None));
    }
    let indexes = calls.run("list indexes", limit, |database| async move {
        let command = doc! { "listIndexes": ORDERS };
        let indexes = database.run_cursor_command(command).await?;
        indexes.try_collect::<Vec<_>>().await
    });
    indexes.await.map(Some)
}

fn compared(there: Option<&[Document]>) -> Migration {
    let mut migration = Migration {
        indexes: Vec::new(),
        creates_orders: there.is_none(),
        would_expire: 0,
        duplicate_ids: 0,
        conflicts: Vec::new(),
    };
    for (name, fields) in INDEXES {
        match state(name, fields, there.unwrap_or_default()) {
            State::There => {}
            State::Missing => migration.indexes.push(name),
            State::Conflict(problem) => migration.conflicts.push(problem),
        }
    }
    migration
}

enum State {
    There,
    Missing,
    Conflict(String),
}

/// Whether the indexes that exist include the one of that name and fields.
fn state(name: &str, fields: &[&str], there: &[Document]) -> State {
    let text = |index: &Document| index.get_str("name").unwrap_or_default().to_owned();
    let Some(found) = there.iter().find(|index| has_fields(index, fields)) else {
        // Another index may have taken the name.
        return match there.iter().find(|index| text(index) == name) {
            None => State::Missing,
            Some(_) => State::Conflict(format!(
                "index {name} has other fields than its name says; drop it and migrate again"
            )),
        };
    };
    let found_name = text(found);
    let conflict = |what: &str| {
        State::Conflict(format!(
            "index {found_name} {what}; drop it (db.orders.dropIndex(\"{found_name}\")) and migrate again"
        ))
    };
    if ["partialFilterExpression", "sparse", "collation"]
        .iter()
        .any(|option| {
            !matches!(
                found.get(option),
                None | Some(Bson::Boolean(false) | Bson::Null)
            )
        })
    {
        return conflict("holds only some of the orders or sorts them by a language's rules");
    }
    match name {
        EXPIRY => match found.get("expireAfterSeconds").and_then(whole) {
            Some(SECONDS) => State::There,
            Some(seconds) => conflict(&format!(
                "deletes orders after {seconds} seconds, not after {DAYS} days"
            )),
            None => conflict(&format!("has no expiry of {DAYS} days")),
        },
        UNIQUE if !found.get_bool("unique").is_ok_and(|unique| unique) => conflict("is not unique"),
        _ => State::There,
    }
}

fn has_fields(index: &Document, fields: &[&str]) -> bool {
    index.get_document("key").is_ok_and(|key| {
        key.len() == fields.len()
            && key
                .iter()
                .zip(fields)
                .all(|((key, direction), field)| key == field && whole(direction) == Some(1))
    })
}

fn whole(number: &Bson) -> Option<i64> {
    match number {
        Bson::Int32(number) => Some((*number).into()),
        Bson::Int64(number) => Some(*number),
        Bson::Double(number) if number.fract() == 0.0 => Some(*number as i64),
        _ => None,
    }
}

fn index(name: &str, fields: &[&str]) -> Document {
    let ascending = |field: &&str| ((*field).to_owned(), Bson::Int32(1));
    let key: Document = fields.iter().map(ascending).collect();
    let mut index = doc! { "key": key, "name": name };
    match name {
        EXPIRY => {
            index.insert("expireAfterSeconds", SECONDS);
        }
        UNIQUE => {
            index.insert("unique", true);
        }
        _ => {}
    }
    index
}

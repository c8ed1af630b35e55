//! The indexes that the reads need, and the one that lets old orders expire.

use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use mongodb::results::{CollectionSpecification, CollectionType};

use super::calls::Calls;
use super::errors::{is_duplicate, is_other_index, unusable};
use super::run_log::{RUNS, STARTED};
use super::{DAYS, ORDERS, StoreError};

const SECONDS: i64 = DAYS * 24 * 60 * 60;

/// Index names, as servers derive them from the fields.
pub(super) const EXPIRY: &str = "created_at_1";
pub(super) const UNIQUE: &str = "order_id_1";

/// An index: its collection, its name and its fields with their directions.
pub(super) struct Index(
    pub &'static str,
    pub &'static str,
    &'static [(&'static str, i32)],
);

pub(super) const INDEXES: [Index; 6] = [
    Index(ORDERS, EXPIRY, &[("created_at", 1)]),
    Index(
        ORDERS,
        "created_at_1_status_1_category_1_region_1_quantity_1_total_1_order_id_1",
        &[
            ("created_at", 1),
            ("status", 1),
            ("category", 1),
            ("region", 1),
            ("quantity", 1),
            ("total", 1),
            ("order_id", 1),
        ],
    ),
    Index(
        ORDERS,
        "created_at_1_order_id_1",
        &[("created_at", 1), ("order_id", 1)],
    ),
    Index(
        ORDERS,
        "status_1_created_at_1_total_1",
        &[("status", 1), ("created_at", 1), ("total", 1)],
    ),
    Index(ORDERS, UNIQUE, &[("order_id", 1)]),
    Index(RUNS, "started_-1__id_-1", &[(STARTED, -1), ("_id", -1)]),
];

/// Makes the unique index, without which every upsert would read the whole collection. One of the
/// same field that is there already will do.
pub(super) async fn make_unique(calls: &Calls) -> Result<(), StoreError> {
    let unique = INDEXES.iter().filter(|index| index.1 == UNIQUE);
    let definitions: Vec<_> = unique.map(Index::definition).collect();
    let command = doc! { "createIndexes": ORDERS, "indexes": definitions };
    let calls = calls.long();
    let made = calls.run("make the unique index", |database| async move {
        match database.run_command(command).await {
            Err(error) if is_other_index(&error) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            made => made.map(|_| true),
        }
    });
    match made.await? {
        true => Ok(()),
        false => Err(unusable(
            "several documents have the same order_id, so that orders cannot be replaced; \
             `server migrate` says how many: remove all but one of each, and try again",
            None,
        )),
    }
}

/// The names of the indexes that are missing or wrong.
pub(super) async fn missing_indexes(calls: &Calls) -> Result<Vec<&'static str>, StoreError> {
    let orders = there(calls, ORDERS).await?.unwrap_or_default();
    let runs = there(calls, RUNS).await?.unwrap_or_default();
    let missing = INDEXES.iter().filter(|index| {
        let there = if index.0 == ORDERS { &orders } else { &runs };
        !matches!(index.state(there), State::There)
    });
    Ok(missing.map(|index| index.1).collect())
}

/// Whether no two orders can have the same `order_id`. A view has no index.
pub(super) async fn is_unique(calls: &Calls) -> Result<bool, StoreError> {
    if is_view(calls).await? {
        return Ok(false);
    }
    let there = there(calls, ORDERS).await?.unwrap_or_default();
    let mut unique = INDEXES.iter().filter(|index| index.1 == UNIQUE);
    Ok(unique.all(|index| matches!(index.state(&there), State::There)))
}

pub(super) async fn is_view(calls: &Calls) -> Result<bool, StoreError> {
    let found = found(calls, ORDERS).await?;
    Ok(found.is_some_and(|found| found.collection_type == CollectionType::View))
}

/// The collection's indexes; `None` without a collection. [`StoreError::Unusable`] for a view.
pub(super) async fn there(
    calls: &Calls,
    collection: &'static str,
) -> Result<Option<Vec<Document>>, StoreError> {
    if found(calls, collection).await?.is_none() {
        return Ok(None);
    }
    let indexes = calls.run("list indexes", move |database| async move {
        let command = doc! { "listIndexes": collection };
        let indexes = database.run_cursor_command(command).await?;
        indexes.try_collect::<Vec<_>>().await
    });
    indexes.await.map(Some)
}

async fn found(
    calls: &Calls,
    collection: &'static str,
) -> Result<Option<CollectionSpecification>, StoreError> {
    let found = calls.run("list collections", move |database| async move {
        let found = database.list_collections();
        let found = found.filter(doc! { "name": collection }).await?;
        found.try_collect::<Vec<_>>().await
    });
    let found = found.await?;
    Ok(found.into_iter().find(|found| found.name == collection))
}

/// Whether an index is there.
pub(super) enum State {
    There,
    Missing,
    Conflict(String),
}

impl Index {
    pub fn definition(&self) -> Document {
        let Self(_, name, fields) = *self;
        let key = fields
            .iter()
            .map(|(field, way)| ((*field).to_owned(), Bson::Int32(*way)));
        let mut definition = doc! { "key": key.collect::<Document>(), "name": name };
        match name {
            EXPIRY => definition.insert("expireAfterSeconds", SECONDS),
            UNIQUE => definition.insert("unique", true),
            _ => None,
        };
        definition
    }

    /// Whether it is among the indexes that are `there`, by its fields or its name.
    pub fn state(&self, there: &[Document]) -> State {
        let Self(collection, name, _) = *self;
        let wanted = self.definition();
        let key = |index: &Document| index.get_document("key").map(numbers).ok();
        let has_fields = |index: &&Document| key(index) == key(&wanted);
        let has_name = |index: &&Document| index.get_str("name").is_ok_and(|found| found == name);
        let found = there.iter().find(has_fields);
        match found.or_else(|| there.iter().find(has_name)) {
            None => State::Missing,
            Some(found) if options(found) == options(&wanted) && has_fields(&found) => State::There,
            Some(found) => {
                let found = found.get_str("name").unwrap_or(name);
                State::Conflict(format!(
                    "index {found} of {collection} is not what this program needs: {wanted}; drop \
                     it (db.{collection}.dropIndex(\"{found}\")) and migrate again"
                ))
            }
        }
    }
}

/// What makes an index hold, order or delete other documents than its fields say.
fn options(index: &Document) -> Document {
    let options = [
        "expireAfterSeconds",
        "unique",
        "partialFilterExpression",
        "sparse",
        "collation",
    ];
    let given = options.iter().filter_map(|option| {
        let value = index.get(option)?.clone();
        (value != Bson::Boolean(false)).then(|| ((*option).to_owned(), value))
    });
    numbers(&given.collect())
}

/// The same with every number as a double: servers answer with any type.
fn numbers(document: &Document) -> Document {
    let number = |value: &Bson| match value {
        Bson::Int32(number) => f64::from(*number).into(),
        Bson::Int64(number) => (*number as f64).into(),
        other => other.clone(),
    };
    let member = |(name, value): (&String, &Bson)| (name.clone(), number(value));
    document.iter().map(member).collect()
}

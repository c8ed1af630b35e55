//! Orders as no program should have written them.

use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{
    Binary, Bson, DateTime, Decimal128, Document, Timestamp, bson, doc, oid::ObjectId,
};

use crate::support::mongo::MongoBackend;

pub const NOON: i64 = 1_795_348_800_000;

pub fn decimal(text: &str) -> Bson {
    Bson::Decimal128(text.parse::<Decimal128>().expect("a decimal"))
}

/// An order with one field replaced, or, with `None`, missing.
pub fn with(field: &str, value: Option<Bson>) -> Document {
    let mut order = doc! {
        "order_id": ObjectId::new().to_hex(),
        "product_id": "PROD_001",
        "category": "footwear",
        "quantity": 1,
        "total": 10.0,
        "status": "delivered",
        "created_at": DateTime::from_millis(NOON),
    };
    match value {
        Some(value) => order.insert(field, value),
        None => order.remove(field),
    };
    order
}

/// Values that are no amount and no time.
pub fn strange() -> Vec<Bson> {
    vec![
        Bson::Null,
        Bson::Boolean(true),
        "12.50".into(),
        bson!([12.5]),
        bson!([]),
        bson!({ "amount": 12.5 }),
        Bson::ObjectId(ObjectId::new()),
        Bson::Binary(Binary {
            subtype: BinarySubtype::Generic,
            bytes: vec![1, 2, 3],
        }),
        Bson::Timestamp(Timestamp {
            time: 1_795_348_800,
            increment: 1,
        }),
    ]
}

pub async fn insert(backend: &MongoBackend, documents: &[Document]) {
    let orders = backend.database.collection::<Document>("orders");
    orders.insert_many(documents).await.expect("inserted");
}

//! The archive's lines of documents with types that JSON does not have.

use std::io::Cursor;

use futures::TryStreamExt;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::raw::cstr;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, DateTime, Decimal128, Document, Regex, Timestamp, doc};
use server::import::import;
use server::order::Order;
use server::store::{Dimension, OrderStore, Piece};

use crate::support::agreement::drained;
use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::reads::{by, totals as counted};
use crate::support::sqlite::SqliteBackend;
use crate::support::time::ever;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_type_is_extended_json_in_its_place() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let id = ObjectId::parse_str("65650000aabbccddeeff0011").expect("an id");
    let noon = DateTime::from_millis(1_795_348_800_000);
    let decimal = |text: &str| text.parse::<Decimal128>().expect("a decimal");
    let (digits, odd) = (
        decimal("0.1000000000000000000000000000000001"),
        decimal("NaN"),
    );
    let decimal = decimal("1.10");
    let bytes = Binary {
        subtype: BinarySubtype::Generic,
        bytes: vec![1, 2, 3],
    };
    let regex = Regex {
        pattern: cstr!("^a").into(),
        options: cstr!("i").into(),
    };
    let order = doc! {
        "_id": id,
        "total": 10.0,
        "order_id": "ORD_1",
        "created_at": noon,
        "small": 7,
        "large": 9_007_199_254_740_993_i64,
        "double": 885.9,
        "nan": f64::NAN,
        "endless": f64::NEG_INFINITY,
        "nested": { "z": [1, { "_id": 1, "b": noon }], "a": Bson::Null, "id": id },
        "decimal": decimal,
        "decimals": [decimal, digits, odd],
        "bytes": bytes,
        "stamp": Timestamp { time: 1, increment: 2 },
        "pattern": regex,
        "least": Bson::MinKey,
        "early": DateTime::from_millis(-1),
        "yes": true,
    };
    let orders = backend.database.collection::<Document>("orders");
    orders.insert_one(order).await.expect("inserted");
    let expected = concat!(
        r#"{"total":10.0,"order_id":"ORD_1","created_at":"2026-11-22T12:00:00Z","small":7,"#,
        r#""large":9007199254740993,"double":885.9,"nan":{"$numberDouble":"NaN"},"#,
        r#""endless":{"$numberDouble":"-Infinity"},"#,
        r#""nested":{"z":[1,{"_id":1,"b":{"$date":"2026-11-22T12:00:00Z"}}],"a":null,"#,
        r#""id":{"$oid":"65650000aabbccddeeff0011"}},"decimal":1.1,"decimals":[1.1,0.1000000000000000000000000000000001,{"$numberDecimal":"NaN"}],"#,
        r#""bytes":{"$binary":{"base64":"AQID","subType":"00"}},"#,
        r#""stamp":{"$timestamp":{"t":1,"i":2}},"#,
        r#""pattern":{"$regularExpression":{"pattern":"^a","options":"i"}},"#,
        r#""least":{"$minKey":1},"early":{"$date":{"$numberLong":"-1"}},"yes":true}"#,
    );
    assert_eq!(drained(&backend.store, ever()).await, [expected]);

    // And back again: the line is an order whose document is the same.
    let order = Order::from_json(expected).expect("an order");
    backend.store.upsert(vec![order]).await.expect("an upsert");
    assert_eq!(drained(&backend.store, ever()).await, [expected]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decimals_that_were_archived_count_alike_where_they_are_imported() {
    let Some(mongo) = MongoBackend::start().await else {
        return;
    };
    let totals = [
        "12.50",
        "1.005",
        "-1.005",
        "8.859E+2",
        "1E+3",
        "1E-7",
        "0.004999999999999999999999999999",
        "123456789012.34",
    ];
    let documents = totals.iter().enumerate().map(|(number, total)| {
        doc! {
            "order_id": format!("ORD_{number}"),
            "category": total.parse::<Decimal128>().expect("a decimal"),
            "product_id": "PROD_001",
            "quantity": "3".parse::<Decimal128>().expect("a decimal"),
            "total": total.parse::<Decimal128>().expect("a decimal"),
            "status": "delivered",
            "created_at": DateTime::from_millis(1_795_348_800_000),
        }
    });
    let orders = mongo.database.collection::<Document>("orders");
    let documents: Vec<_> = documents.collect();
    orders.insert_many(documents).await.expect("inserted");
    let pieces = mongo.store.documents(ever()).await.expect("a stream");
    let pieces: Vec<Piece> = pieces.try_collect().await.expect("documents");
    assert!(pieces.iter().all(|piece| piece.unreadable.is_empty()));
    let archive: Vec<u8> = pieces
        .iter()
        .flat_map(|piece| &piece.lines)
        .copied()
        .collect();

    let sqlite = SqliteBackend::start().await.expect("a store");
    let other = MongoBackend::start().await.expect("the same server");
    let stores: [&dyn OrderStore; 3] = [&mongo.store, sqlite.store(), &other.store];
    for store in &stores[1..] {
        let report = import(Cursor::new(archive.clone()), *store, |_| {}).await;
        let report = report.expect("an import");
        assert_eq!((report.loaded, report.bad), (totals.len() as u64, 0));
    }
    let mut answers = Vec::new();
    for store in stores {
        answers.push((
            counted(store, &[ever()]).await,
            by(store, Dimension::Category, ever()).await,
            by(store, Dimension::Product, ever()).await,
            drained(store, ever()).await,
        ));
    }
    assert_eq!(answers[0].0[0].orders, totals.len() as u64);
    assert_eq!(answers[1], answers[0]);
    assert_eq!(answers[2], answers[0]);
}

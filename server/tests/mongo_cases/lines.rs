//! The archive's lines of documents with types that JSON does not have.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::raw::cstr;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, DateTime, Decimal128, Document, Regex, Timestamp, doc};
use server::order::Order;
use server::store::OrderStore;

use crate::support::agreement::drained;
use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::time::ever;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_type_is_extended_json_in_its_place() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let id = ObjectId::parse_str("65650000aabbccddeeff0011").expect("an id");
    let noon = DateTime::from_millis(1_795_348_800_000);
    let decimal: Decimal128 = "1.10".parse().expect("a decimal");
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
        r#""id":{"$oid":"65650000aabbccddeeff0011"}},"decimal":{"$numberDecimal":"1.10"},"#,
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

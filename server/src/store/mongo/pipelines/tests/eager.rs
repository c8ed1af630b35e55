//! The pipelines over odd documents, as they are and on a server that computes both branches of
//! every `$cond`.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{
    Binary, DateTime, Decimal128, RawDocumentBuf, Regex, Timestamp, bson, raw::cstr,
};
use mongodb::{Client, Collection};

use super::super::*;
use crate::store::StoreError;
use crate::store::mongo::ranges::EVER;
use crate::store::mongo::rows;

#[path = "../../../../../tests/support/mongo_server.rs"]
mod mongo_server;

const NOON: i64 = 1_795_348_800_000;
const FIELDS: [&str; 4] = ["total", "quantity", "created_at", "status"];

/// Values of every type, and numbers beyond every bound.
fn odd() -> Vec<Option<Bson>> {
    let decimal = |text: &str| text.parse::<Decimal128>().map(Bson::Decimal128);
    let binary = Binary {
        subtype: BinarySubtype::Generic,
        bytes: vec![1, 2, 3],
    };
    let regex = Regex {
        pattern: cstr!("^a").into(),
        options: cstr!("i").into(),
    };
    let timestamp = Timestamp {
        time: 1_795_348_800,
        increment: 1,
    };
    let mut values: Vec<_> = ["NaN", "Infinity", "1E+100"]
        .into_iter()
        .map(|text| Some(decimal(text).expect("a decimal")))
        .collect();
    values.extend([
        None,
        Some(Bson::Null),
        Some(true.into()),
        Some("12.50".into()),
        Some("".into()),
        Some(bson!([12.5])),
        Some(bson!([])),
        Some(bson!({ "amount": 12.5 })),
        Some(bson!({})),
        Some(ObjectId::new().into()),
        Some(binary.into()),
        Some(regex.into()),
        Some(timestamp.into()),
        Some(DateTime::MAX.into()),
        Some(f64::NAN.into()),
        Some(f64::INFINITY.into()),
        Some(f64::NEG_INFINITY.into()),
        Some(1e300.into()),
        Some(i64::MAX.into()),
        Some(i64::MIN.into()),
    ]);
    values
}

/// 92 documents, in each of which one field is odd.
fn documents() -> Vec<Document> {
    let mut documents = Vec::new();
    for field in FIELDS {
        for value in odd() {
            let mut order = doc! {
                "order_id": format!("ORD_{:05}", documents.len()),
                "product_id": "PROD_001", "category": "footwear", "region": "North",
                "quantity": 2, "total": 10.0, "status": "pending",
                "created_at": DateTime::from_millis(NOON),
            };
            match value {
                Some(value) => order.insert(field, value),
                None => order.remove(field),
            };
            documents.push(order);
        }
    }
    documents
}

/// The pipeline with both branches of every `$cond` computed in earlier stages.
fn eager(pipeline: &[Document]) -> Vec<Document> {
    let mut stages = Vec::new();
    for stage in pipeline {
        let mut stage = Bson::from(stage.clone());
        hoist(&mut stage, &mut stages);
        stages.extend(stage.as_document().cloned());
    }
    stages
}

/// Moves the branches, those of inner ones first, into stages of their own.
fn hoist(value: &mut Bson, stages: &mut Vec<Document>) {
    match value {
        Bson::Array(values) => values.iter_mut().for_each(|value| hoist(value, stages)),
        Bson::Document(document) => {
            document
                .iter_mut()
                .for_each(|(_, value)| hoist(value, stages));
            if let Some(Bson::Array(branches)) = document.get_mut("$cond") {
                for branch in &mut branches[1..] {
                    let name = format!("branch_{}", stages.len());
                    let computed = std::mem::replace(branch, format!("${name}").into());
                    stages.push(doc! { "$addFields": { name: computed } });
                }
            }
        }
        _ => {}
    }
}

async fn aggregated(orders: &Collection<Document>, pipeline: Vec<Document>) -> Vec<RawDocumentBuf> {
    use futures::TryStreamExt;
    let rows = orders.aggregate(pipeline).with_type::<RawDocumentBuf>();
    let rows = rows.await.expect("rows");
    rows.try_collect().await.expect("rows")
}

/// What both servers answer.
async fn answer<T: std::fmt::Debug + PartialEq>(
    orders: &Collection<Document>,
    pipeline: Vec<Document>,
    read: impl Fn(&[RawDocumentBuf]) -> Result<T, StoreError>,
) -> T {
    let both = eager(&pipeline);
    assert_ne!(both, pipeline, "nothing to compute early");
    let both = read(&aggregated(orders, both).await).expect("an answer");
    let answer = read(&aggregated(orders, pipeline).await).expect("an answer");
    assert_eq!(both, answer);
    answer
}

#[tokio::test]
async fn no_pipeline_computes_with_what_is_no_number() {
    let Some(uri) = mongo_server::uri() else {
        return;
    };
    let client = Client::with_uri_str(uri).await.expect("a client");
    let database = client.database(&format!("shopstream_eager_{}", std::process::id()));
    let orders = database.collection::<Document>("orders");
    assert_eq!(documents().len(), 92);
    orders.insert_many(documents()).await.expect("inserted");

    let rules = StatusRules::default();
    let none = Conditions::default;
    let noon = Span {
        from: NOON,
        to: NOON + 1,
    };
    // Those with an odd status, and those whose quantity is missing or a number.
    let totals = totals(&rules, none(), &[EVER, noon]);
    let totals = answer(&orders, totals, |read| rows::totals(read, 2)).await;
    assert_eq!((totals[0].orders, totals[1].orders), (29, 29));
    assert_eq!(totals[0].revenue_cents.0, 29_000);
    for dimension in [
        Dimension::Category,
        Dimension::Region,
        Dimension::Product,
        Dimension::Status,
    ] {
        let groups = by(&rules, dimension, none(), EVER);
        let groups = answer(&orders, groups, |read| rows::groups(dimension, read)).await;
        let units: i64 = groups.iter().map(|group| group.units).sum();
        assert_eq!(units, 46, "those with a quantity of two: {dimension:?}");
    }
    let active = answer(&orders, active(none(), NOON), rows::active).await;
    assert_eq!(active.pending, 6);
    let list = answer(
        &orders,
        super::orders(none(), EVER, None, 100),
        rows::orders,
    )
    .await;
    assert_eq!(list.len(), 29);
    answer(&orders, oldest(EVER), rows::oldest).await;
    let count = |read: &[RawDocumentBuf]| rows::count(&read[0], COUNT);
    assert_eq!(answer(&orders, unreadable(), count).await, 63);
    database.drop().await.expect("dropped");
}

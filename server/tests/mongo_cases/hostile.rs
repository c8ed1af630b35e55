//! Documents that no program should have written.

use app::model::{Cents, Filter, OrderFilter};
use futures::TryStreamExt;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{
    Binary, Bson, DateTime, Decimal128, Document, Timestamp, bson, doc, oid::ObjectId,
};
use server::store::{Dimension, OrderStore, StatusRules, StoreError};

use super::explained::is_mongod;
use crate::support::agreement::drained;
use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::reads::{DIMENSIONS, active, by, counts, newest, totals, try_by, try_totals};
use crate::support::time::{at, ever, window};

const NOON: i64 = 1_795_348_800_000;

fn decimal(text: &str) -> Bson {
    Bson::Decimal128(text.parse::<Decimal128>().expect("a decimal"))
}

/// An order with one field replaced, or, with `None`, missing.
fn with(field: &str, value: Option<Bson>) -> Document {
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

fn strange() -> Vec<Bson> {
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

async fn insert(backend: &MongoBackend, documents: &[Document]) {
    let orders = backend.database.collection::<Document>("orders");
    orders.insert_many(documents).await.expect("inserted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn totals_of_every_type_are_amounts_or_counted_as_unreadable() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let amounts: [(Bson, i64); 10] = [
        (Bson::Int32(20), 2_000),
        (Bson::Int32(i32::MAX), 214_748_364_700),
        (Bson::Int64(-30), -3_000),
        (Bson::Double(0.125), 13),
        (Bson::Double(-0.125), -12),
        (Bson::Double(1.005), 100),
        (decimal("1.005"), 101),
        (decimal("-12.34"), -1_234),
        (Bson::Double(-0.0), 0),
        (Bson::Double(90_071_992_547_409.0), 9_007_199_254_740_900),
    ];
    let mut unusable = vec![
        Bson::Double(f64::NAN),
        Bson::Double(f64::INFINITY),
        Bson::Double(f64::NEG_INFINITY),
        Bson::Double(1e18),
        Bson::Double(-1e300),
        Bson::Int64(i64::MAX),
        Bson::Int64(i64::MIN),
        Bson::Double(90_071_992_547_410.0),
        decimal("NaN"),
        decimal("-Infinity"),
        decimal("1E+100"),
        Bson::DateTime(DateTime::from_millis(NOON)),
    ];
    unusable.extend(strange());
    let mut documents: Vec<_> = amounts
        .iter()
        .map(|(total, _)| with("total", Some(total.clone())))
        .collect();
    documents.extend(
        unusable
            .iter()
            .map(|total| with("total", Some(total.clone()))),
    );
    documents.push(with("total", None));
    insert(&backend, &documents).await;

    let store = &backend.store;
    let sum = amounts.iter().map(|(_, cents)| cents).sum();
    let figures = totals(store, &[ever()]).await[0];
    assert_eq!(figures.orders, amounts.len() as u64);
    assert_eq!(figures.revenue_cents, Cents(sum));
    let unreadable = store.unreadable().await.expect("a count");
    assert_eq!(unreadable, unusable.len() as u64 + 1);
    for dimension in DIMENSIONS {
        let groups = by(store, dimension, ever()).await;
        assert_eq!(groups[0].revenue_cents, Cents(sum), "{dimension:?}");
    }
    assert_eq!(newest(store, 100).await.len(), amounts.len());
    // The archive keeps all of them, and counts alike.
    assert_eq!(drained(store, ever()).await.len(), documents.len());
    let pieces = store.documents(ever()).await.expect("a stream");
    let pieces: Vec<_> = pieces.try_collect().await.expect("documents");
    let counted: usize = pieces.iter().map(|piece| piece.unreadable.len()).sum();
    assert_eq!(counted as u64, unreadable);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_that_are_none_belong_to_no_window() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let mut unusable = strange();
    unusable.extend([
        Bson::Double(NOON as f64),
        Bson::String("2026-11-22T12:00:00Z".to_owned()),
        Bson::Array(vec![DateTime::from_millis(NOON).into()]),
        Bson::DateTime(DateTime::from_millis(-1)),
        Bson::DateTime(DateTime::from_millis(253_402_300_800_000)),
        Bson::DateTime(DateTime::MAX),
        Bson::DateTime(DateTime::MIN),
    ]);
    let mut documents: Vec<_> = unusable
        .iter()
        .map(|time| with("created_at", Some(time.clone())))
        .collect();
    documents.push(with("created_at", None));
    documents.push(with("status", Some("pending".into())));
    let last = DateTime::from_millis(253_402_300_799_999);
    documents.push(with("created_at", Some(last.into())));
    insert(&backend, &documents).await;

    let store = &backend.store;
    let unreadable = store.unreadable().await.expect("a count");
    assert_eq!(unreadable, documents.len() as u64 - 2);
    let all = window("1900-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z");
    assert_eq!(counts(store, &[all]).await, [1]);
    assert_eq!(active(store).await.pending, 1);
    assert_eq!(newest(store, 9).await.len(), 2);
    let oldest = store.oldest().await.expect("the oldest");
    assert_eq!(oldest, Some(at("2026-11-22T12:00:00Z")));
    assert_eq!(drained(store, ever()).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_are_no_text_are_shown_as_their_json() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let mut documents = Vec::new();
    for field in ["status", "category", "product_id", "order_id"] {
        for value in [Bson::Null, 19.into(), "19".into(), bson!(["returned", 1.5])] {
            documents.push(with(field, Some(value)));
        }
    }
    for quantity in [
        bson!("2"),
        bson!(1.5),
        bson!(2e9),
        Bson::Double(f64::NAN),
        bson!([1]),
    ] {
        documents.push(with("quantity", Some(quantity)));
    }
    documents.push(with("quantity", Some(decimal("3"))));
    insert(&backend, &documents).await;

    let store = &backend.store;
    assert_eq!(store.unreadable().await.expect("a count"), 0);
    let groups = by(store, Dimension::Category, ever()).await;
    let groups: Vec<_> = groups
        .iter()
        .map(|group| (group.value.as_str(), group.orders))
        .collect();
    let odd = r#"["returned",1.5]"#;
    assert_eq!(groups, [("", 1), ("19", 2), (odd, 1), ("footwear", 18)]);
    let groups = by(store, Dimension::Product, ever()).await;
    let groups: Vec<_> = groups
        .iter()
        .map(|group| (group.value.as_str(), group.units))
        .collect();
    assert_eq!(groups, [("", 1), ("19", 2), ("PROD_001", 15), (odd, 1)]);
    let rows = newest(store, 100).await;
    let shown = |id: &str| rows.iter().filter(|row| row.order_id == id).count();
    assert_eq!((shown("19"), shown(""), shown(odd)), (2, 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_finds_text_alone() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let mut documents = Vec::new();
    for field in ["region", "customer_id", "order_id", "status"] {
        for value in [
            bson!(["Northern"]),
            bson!(["North", 1]),
            bson!(19),
            bson!({ "a": "North" }),
            Bson::Null,
        ] {
            documents.push(with(field, Some(value)));
        }
    }
    for field in ["region", "customer_id", "status"] {
        documents.push(with(field, Some("North".into())));
    }
    documents.push(with("order_id", Some("Northwards".into())));
    insert(&backend, &documents).await;
    let store = &backend.store;
    let north = Filter {
        region: "North".to_owned(),
        ..Filter::default()
    };
    let rules = StatusRules::default();
    let figures = store.totals(&rules, &north, &[ever()]).await;
    assert_eq!(figures.expect("totals")[0].orders, 1);
    let text = "North".to_owned();
    for filter in [
        OrderFilter {
            filter: north,
            ..OrderFilter::default()
        },
        OrderFilter {
            customer_id: text.clone(),
            ..OrderFilter::default()
        },
        OrderFilter {
            id_start: text.clone(),
            ..OrderFilter::default()
        },
        OrderFilter {
            status: text,
            ..OrderFilter::default()
        },
    ] {
        let found = store.orders(&filter, None, 100).await.expect("orders");
        assert_eq!(found.len(), 1, "{filter:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_without_an_id_and_one_of_fifteen_megabytes_are_orders() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let big = with("note", Some("x".repeat(15 << 20).into()));
    insert(&backend, &[with("order_id", None)]).await;
    insert(&backend, &[big]).await;
    let store = &backend.store;
    let figures = totals(store, &[ever()]).await[0];
    assert_eq!((figures.orders, figures.revenue_cents), (2, Cents(2_000)));
    assert_eq!(newest(store, 5).await.len(), 2);
    let lines = drained(store, ever()).await;
    assert_eq!(lines.iter().filter(|line| line.len() > 15 << 20).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sum_beyond_64_bits_is_an_error_and_not_a_wrong_sum() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    if !is_mongod(&backend).await {
        println!("needs mongod: mongo-java-server's sums wrap around at 64 bits");
        return;
    }
    let largest = || with("total", Some(Bson::Double(90_071_992_547_409.0)));
    let documents: Vec<_> = (0..1_100).map(|_| largest()).collect();
    insert(&backend, &documents).await;
    let error = try_totals(&backend.store, &[ever()]).await;
    let error = error.expect_err("no sum");
    assert!(matches!(error, StoreError::Unusable { .. }), "{error}");
    assert!(error.to_string().contains("64 bits"), "{error}");
    let error = try_by(&backend.store, Dimension::Category, ever()).await;
    error.expect_err("no sum");
}

//! Documents that no program should have written.

use app::model::Cents;
use futures::TryStreamExt;
use mongodb::bson::{Bson, DateTime};
use server::store::{Dimension, OrderStore, StoreError};

use super::explained::is_mongod;
use super::odd::{NOON, decimal, insert, strange, with};
use crate::support::agreement::drained;
use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::reads::{DIMENSIONS, active, by, counts, newest, totals, try_by, try_totals};
use crate::support::time::{at, ever, window};

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
        (Bson::Double(-0.125), -13),
        (Bson::Double(1.005), 101),
        (decimal("1.005"), 101),
        (decimal("-12.34"), -1_234),
        (Bson::Double(-0.0), 0),
        (Bson::Double(1e12), 100_000_000_000_000),
    ];
    let mut unusable = vec![
        Bson::Double(f64::NAN),
        Bson::Double(f64::INFINITY),
        Bson::Double(f64::NEG_INFINITY),
        Bson::Double(1e18),
        Bson::Double(-1e300),
        Bson::Int64(i64::MAX),
        Bson::Int64(i64::MIN),
        Bson::Double(1_000_000_000_000.01),
        Bson::Double(1_000_000_000_001.0),
        "10.00".into(),
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
async fn a_document_of_fifteen_megabytes_is_an_order() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let big = with("note", Some("x".repeat(15 << 20).into()));
    insert(&backend, &[big]).await;
    let store = &backend.store;
    let figures = totals(store, &[ever()]).await[0];
    assert_eq!((figures.orders, figures.revenue_cents), (1, Cents(1_000)));
    assert_eq!(newest(store, 5).await.len(), 1);
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
    let largest = || with("total", Some(Bson::Double(1e12)));
    let documents: Vec<_> = (0..93_000).map(|_| largest()).collect();
    insert(&backend, &documents).await;
    let error = try_totals(&backend.store, &[ever()]).await;
    let error = error.expect_err("no sum");
    assert!(matches!(error, StoreError::Unusable { .. }), "{error}");
    assert!(error.to_string().contains("64 bits"), "{error}");
    let error = try_by(&backend.store, Dimension::Category, ever()).await;
    error.expect_err("no sum");
}

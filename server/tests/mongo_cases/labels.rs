//! Names, ids and statuses that are no text.

use app::model::{Filter, OrderFilter};
use mongodb::bson::{Bson, bson};
use server::store::{Dimension, OrderStore, StatusRules};

use super::odd::{decimal, insert, with};
use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::reads::{by, newest};
use crate::support::time::ever;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_are_no_text_are_shown_as_their_json() {
    let Some(backend) = MongoBackend::start().await else {
        return;
    };
    let mut documents = Vec::new();
    for field in ["status", "category", "product_id"] {
        for value in [Bson::Null, 19.into(), "19".into(), bson!(["returned", 1.5])] {
            documents.push(with(field, Some(value)));
        }
    }
    for quantity in [bson!(1.5), bson!(2e9), decimal("3"), Bson::Null] {
        documents.push(with("quantity", Some(quantity)));
    }
    for id in [bson!(19), bson!("19"), bson!(20.0)] {
        documents.push(with("order_id", Some(id)));
    }
    let readable = documents.len();
    for quantity in [bson!("2"), Bson::Double(f64::NAN), bson!([1])] {
        documents.push(with("quantity", Some(quantity)));
    }
    let long = "x".repeat(201);
    for id in [Bson::Null, bson!(""), bson!(1.5), bson!(["A"]), long.into()] {
        documents.push(with("order_id", Some(id)));
    }
    insert(&backend, &documents).await;

    let store = &backend.store;
    let unreadable = (documents.len() - readable) as u64;
    assert_eq!(store.unreadable().await.expect("a count"), unreadable);
    let groups = by(store, Dimension::Category, ever()).await;
    let groups: Vec<_> = groups
        .iter()
        .map(|group| (group.value.as_str(), group.orders))
        .collect();
    let odd = r#"["returned",1.5]"#;
    assert_eq!(groups, [("", 1), ("19", 2), (odd, 1), ("footwear", 15)]);
    let groups = by(store, Dimension::Product, ever()).await;
    let groups: Vec<_> = groups
        .iter()
        .map(|group| (group.value.as_str(), group.units))
        .collect();
    assert_eq!(groups, [("", 1), ("19", 2), ("PROD_001", 15), (odd, 1)]);
    let rows = newest(store, 100).await;
    let shown = |id: &str| rows.iter().filter(|row| row.order_id == id).count();
    assert_eq!((rows.len(), shown("19"), shown("20")), (readable, 2, 1));
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

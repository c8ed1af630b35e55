//! Sums are exact to the cent.

use app::model::Cents;
use server::store::{Dimension, OrderStore, StoreError};

use crate::support::agreement::filled_and_agreed;
use crate::support::draft::{Draft, orders};
use crate::support::reads::{totals, try_by, try_totals};
use crate::support::time::ever;

const NOON: &str = "2026-11-22T12:00:00Z";

fn of(totals: &[f64]) -> Vec<Draft> {
    let numbered = totals.iter().enumerate();
    numbered
        .map(|(number, dollars)| Draft::at(&format!("ORD_{number:05}"), NOON).total(*dollars))
        .collect()
}

async fn revenue(store: &dyn OrderStore) -> Cents {
    totals(store, &[ever()]).await[0].revenue_cents
}

pub async fn doubles_that_do_not_add_up_add_up_in_cents(store: &dyn OrderStore) {
    let mut totals = vec![0.1 + 0.2, 885.9, 19.99, 1.15, 0.285, 4.35];
    totals.extend([0.1; 1_000]);
    filled_and_agreed(store, &orders(&of(&totals)), ever(), &[ever()]).await;
    assert_eq!(
        revenue(store).await,
        Cents(30 + 88_590 + 1_999 + 115 + 28 + 435 + 10_000)
    );
}

pub async fn negative_totals_are_subtracted(store: &dyn OrderStore) {
    let drafts = of(&[10.0, -2.5, -0.01, -20.0]);
    filled_and_agreed(store, &orders(&drafts), ever(), &[ever()]).await;
    assert_eq!(revenue(store).await, Cents(-1_251));
}

pub async fn sums_beyond_what_a_double_counts_are_exact(store: &dyn OrderStore) {
    let large = 40_000_000_000_000.25;
    let drafts = of(&[large, 0.01, large, 0.01, large]);
    filled_and_agreed(store, &orders(&drafts), ever(), &[ever()]).await;
    let sum = Cents(12_000_000_000_000_077);
    assert_eq!(revenue(store).await, sum);
    assert_ne!(sum.0 as f64 as i64, sum.0, "a double would do");
}

pub async fn a_sum_beyond_64_bits_is_an_error_and_not_a_wrong_sum(store: &dyn OrderStore) {
    let drafts = of(&[90_071_992_547_409.0; 1_100]);
    store.upsert(orders(&drafts)).await.expect("an upsert");
    for result in [
        try_totals(store, &[ever()]).await.map(drop),
        try_by(store, Dimension::Category, ever()).await.map(drop),
        try_by(store, Dimension::Product, ever()).await.map(drop),
    ] {
        let error = result.expect_err("no sum");
        assert!(matches!(error, StoreError::Unusable { .. }), "{error}");
        let words = "the orders' totals add up to more than 64 bits of cents";
        assert!(error.to_string().contains(words), "{error}");
    }
}

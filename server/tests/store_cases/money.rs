//! Sums are exact to the cent.

use app::model::Cents;
use server::order::Order;
use server::store::{Dimension, OrderStore, StoreError};

use crate::support::agreement::filled_and_agreed;
use crate::support::draft::{Draft, orders};
use crate::support::random::Random;
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
        Cents(30 + 88_590 + 1_999 + 115 + 29 + 435 + 10_000)
    );
}

pub async fn half_a_cent_goes_away_from_zero(store: &dyn OrderStore) {
    let doubles = [
        (39.495, 3_950),
        (2.675, 268),
        (1.005, 101),
        (8.575, 858),
        (-1.005, -101),
        (-0.125, -13),
        (0.285, 29),
        // The doubles next to 1.005, which are written otherwise.
        (f64::from_bits(1.005_f64.to_bits() - 1), 100),
        (f64::from_bits(1.005_f64.to_bits() + 1), 101),
        (999_999_999_999.995, 100_000_000_000_000),
        (
            f64::from_bits(999_999_999_999.995_f64.to_bits() - 1),
            99_999_999_999_999,
        ),
        (1e12, 100_000_000_000_000),
    ];
    let drafts = of(&doubles.map(|(dollars, _)| dollars));
    let mut all = orders(&drafts);
    let mut cents: Vec<i64> = doubles.iter().map(|(_, cents)| *cents).collect();
    // With the digits of a decimal.
    for (number, (dollars, rounded)) in (100..).zip([
        ("1.0050000000000000000000000000001", 101),
        ("1.0049999999999999999999999999999", 100),
        ("-0.0049999999999999999999999999999", 0),
    ]) {
        let line = format!(r#"{{"order_id":{number},"created_at":"{NOON}","total":{dollars}}}"#);
        all.push(Order::from_json(&line).expect("an order"));
        cents.push(rounded);
    }
    let read: Vec<i64> = all.iter().map(|order| order.total.0).collect();
    assert_eq!(read, cents);
    filled_and_agreed(store, &all, ever(), &[ever()]).await;
}

pub async fn thousands_of_halves_and_their_neighbours(store: &dyn OrderStore) {
    let mut random = Random(4);
    let mut totals = Vec::new();
    for _ in 0..3_000 {
        let digits = 1 + random.below(12) as u32;
        let dollars = random.below(10_u64.pow(digits));
        let cents = random.below(100);
        let half: f64 = format!("{dollars}.{cents:02}5").parse().expect("a number");
        for bits in [half.to_bits() - 1, half.to_bits(), half.to_bits() + 1] {
            totals.push(f64::from_bits(bits));
        }
    }
    filled_and_agreed(store, &orders(&of(&totals)), ever(), &[ever()]).await;
}

pub async fn negative_totals_are_subtracted(store: &dyn OrderStore) {
    let drafts = of(&[10.0, -2.5, -0.01, -20.0]);
    filled_and_agreed(store, &orders(&drafts), ever(), &[ever()]).await;
    assert_eq!(revenue(store).await, Cents(-1_251));
}

pub async fn sums_beyond_what_a_double_counts_are_exact(store: &dyn OrderStore) {
    let large = 999_999_999_999.25;
    let mut totals = vec![large; 101];
    totals.extend([0.01; 2]);
    filled_and_agreed(store, &orders(&of(&totals)), ever(), &[ever()]).await;
    let sum = Cents(101 * 99_999_999_999_925 + 2);
    assert_eq!(revenue(store).await, sum);
    assert_ne!(sum.0 as f64 as i64, sum.0, "a double would do");
}

pub async fn a_sum_beyond_64_bits_is_an_error_and_not_a_wrong_sum(store: &dyn OrderStore) {
    let drafts = of(&[1e12; 93_000]);
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

//! Which months the retention guard looks at.

use crate::guards::guarded;
use crate::month;

#[tokio::test]
async fn months_are_the_business_time_zones_and_empty_ones_are_left_out() {
    let orders = ["2026-08-31T15:30:00Z", "2026-10-30T00:00:00Z"];
    let guard = guarded("Asia/Tokyo", &orders, "2026-11-23T09:30:00Z").await;
    let months: Vec<(String, Option<u64>, bool)> = guard
        .iter()
        .map(|guard| (guard.month.to_string(), guard.orders, guard.urgent))
        .collect();
    let expected = [
        ("2026-11", Some(0), false),
        ("2026-10", Some(1), false),
        ("2026-09", Some(1), true),
    ];
    assert_eq!(
        months,
        expected.map(|(m, orders, urgent)| (m.to_owned(), orders, urgent))
    );
    let guard = guarded("UTC", &orders, "2026-11-23T09:30:00Z").await;
    let months: Vec<String> = guard.iter().map(|guard| guard.month.to_string()).collect();
    assert_eq!(months, ["2026-11", "2026-10", "2026-08"]);
}

/// In St. John's the clocks went from 00:01 on 1 November 2009 back to 23:01.
#[tokio::test]
async fn an_hour_that_comes_twice_over_midnight_is_of_one_month() {
    let orders = ["2009-11-01T03:00:00Z", "2009-12-05T12:00:00Z"];
    let guard = guarded("America/St_Johns", &orders, "2010-01-10T12:00:00Z").await;
    let months: Vec<(String, Option<u64>)> = guard
        .iter()
        .map(|guard| (guard.month.to_string(), guard.orders))
        .collect();
    let expected = [("2010-01", 0), ("2009-12", 1), ("2009-11", 1)];
    assert_eq!(
        months,
        expected.map(|(m, orders)| (m.to_owned(), Some(orders)))
    );
}

#[tokio::test]
async fn every_month_in_the_store_is_guarded_however_old() {
    let mut orders = vec!["1970-01-01T00:00:00Z".to_owned()];
    for year in 2020..=2026 {
        let months = (1..=12).map(|month| format!("{year}-{month:02}-15T12:00:00Z"));
        orders.extend(months);
    }
    // Those of the last month are still to come.
    let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
    let guard = guarded("UTC", &orders, "2026-11-23T09:30:00Z").await;
    assert_eq!(guard.len(), 1 + 6 * 12 + 11);
    assert!(guard.iter().all(|guard| guard.orders == Some(1)));
    assert!(guard[1..].iter().all(|guard| guard.urgent));
    let oldest = guard.last().expect("a month");
    assert_eq!(oldest.month, month("1970-01"));
}

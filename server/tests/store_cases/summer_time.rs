//! Business days on which the clocks change.

use chrono::TimeDelta;
use server::order::Order;
use server::store::OrderStore;

use crate::support::agreement::{agreed, filled_and_agreed};
use crate::support::draft::Draft;
use crate::support::reads::counts;
use crate::support::time::{at, calendar, days};

/// An order every half hour from `from` on, for eight days.
fn every_half_hour(from: &str) -> Vec<Order> {
    let from = at(from);
    (0..8 * 48)
        .map(|number| {
            let created_at = from + TimeDelta::minutes(30 * number);
            Draft::new(&format!("ORD_{number:04}"), created_at).order()
        })
        .collect()
}

/// Fills the store from `from` on, and expects the orders of the business days up to `now`.
async fn expect(store: &dyn OrderStore, zone: &str, from: &str, now: &str, expected: [u64; 4]) {
    let orders = every_half_hour(from);
    let days = days(calendar(zone), 4, at(now));
    filled_and_agreed(store, &orders, days[2], &days).await;
    assert_eq!(counts(store, &days).await, expected, "{zone} {now}");
}

pub async fn days_of_23_and_25_hours_in_berlin(store: &dyn OrderStore) {
    let zone = "Europe/Berlin";
    let (from, now) = ("2026-03-25T00:00:00Z", "2026-03-30T12:00:00+02:00");
    expect(store, zone, from, now, [48, 48, 46, 24]).await;
    // The ids are the same: every order moves from spring to autumn.
    let (from, now) = ("2026-10-20T00:00:00Z", "2026-10-26T12:00:00+01:00");
    expect(store, zone, from, now, [48, 48, 50, 24]).await;
}

pub async fn days_of_23_and_25_hours_in_new_york(store: &dyn OrderStore) {
    let zone = "America/New_York";
    let (from, now) = ("2026-03-04T00:00:00Z", "2026-03-09T12:00:00-04:00");
    expect(store, zone, from, now, [48, 48, 46, 24]).await;
    let (from, now) = ("2026-10-27T00:00:00Z", "2026-11-02T12:00:00-05:00");
    expect(store, zone, from, now, [48, 48, 50, 24]).await;
}

pub async fn the_same_time_yesterday_over_a_long_day(store: &dyn OrderStore) {
    let orders = every_half_hour("2026-10-20T00:00:00Z");
    store.upsert(orders).await.expect("an upsert");
    let berlin = calendar("Europe/Berlin");
    // Nine o'clock on the long day is ten hours after its start.
    let now = at("2026-10-25T09:00:00+01:00");
    let windows = [berlin.today(now), berlin.same_time_days_ago(1, now)];
    assert_eq!(counts(store, &windows).await, [20, 20]);
}

pub async fn every_hour_that_elapses_is_a_window(store: &dyn OrderStore) {
    // Two orders an hour, and one in a last half hour; on Lord Howe the clocks change by so much.
    for (zone, from, now, hours, last) in [
        (
            "Europe/Berlin",
            "2026-03-25T00:00:00Z",
            "2026-03-30T00:00:00+02:00",
            23,
            2,
        ),
        (
            "Europe/Berlin",
            "2026-03-25T00:00:00Z",
            "2026-03-31T00:00:00+02:00",
            24,
            2,
        ),
        (
            "Europe/Berlin",
            "2026-10-20T00:00:00Z",
            "2026-10-26T00:00:00+01:00",
            25,
            2,
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-01T00:00:00Z",
            "2026-10-05T00:00:00+11:00",
            24,
            1,
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-01T00:00:00Z",
            "2026-04-06T00:00:00+10:30",
            25,
            1,
        ),
    ] {
        let orders = every_half_hour(from);
        store.upsert(orders.clone()).await.expect("an upsert");
        let day = calendar(zone).days_ago(1, at(now));
        let windows = day.hours();
        let mut expected = vec![2; hours];
        expected[hours - 1] = last;
        assert_eq!(counts(store, &windows).await, expected, "{zone} {now}");
        agreed(store, &orders, day, &windows).await;
    }
}

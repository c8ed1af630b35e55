//! Windows are half-open, to the millisecond.

use chrono::TimeDelta;
use server::calendar::UtcWindow;
use server::store::OrderStore;

use crate::support::agreement::filled_and_agreed;
use crate::support::draft::{Draft, orders};
use crate::support::random;
use crate::support::reads::{active, counts, newest};
use crate::support::time::{at, calendar, days, ever, window};

pub async fn from_belongs_to_a_window_and_to_does_not(store: &dyn OrderStore) {
    let window = window("2026-11-01T10:30:00.250Z", "2026-11-02T10:30:00.250Z");
    let millisecond = TimeDelta::milliseconds(1);
    let drafts = [
        Draft::new("BEFORE", window.from - millisecond),
        Draft::new("FROM", window.from),
        Draft::new("LAST", window.to - millisecond),
        Draft::new("TO", window.to),
    ];
    filled_and_agreed(store, &orders(&drafts), window, &[window]).await;
    assert_eq!(counts(store, &[window]).await, [2]);
}

pub async fn an_empty_window_holds_nothing(store: &dyn OrderStore) {
    let instant = at("2026-11-01T10:30:00Z");
    let empty = UtcWindow {
        from: instant,
        to: instant,
    };
    let backwards = UtcWindow {
        from: instant + TimeDelta::days(1),
        to: instant,
    };
    let order = Draft::new("ORD_1", instant).order();
    filled_and_agreed(store, &[order], empty, &[empty, backwards]).await;
}

pub async fn windows_that_follow_each_other_share_no_order(store: &dyn OrderStore) {
    let start = at("2026-11-01T00:00:00Z");
    let hours: Vec<_> = (0..24).map(|hour| start + TimeDelta::hours(hour)).collect();
    let drafts = hours.iter().enumerate().flat_map(|(number, hour)| {
        let early = Draft::new(&format!("ORD_{number}A"), *hour);
        let late = Draft::new(
            &format!("ORD_{number}B"),
            *hour - TimeDelta::milliseconds(1),
        );
        [early, late]
    });
    let orders: Vec<_> = drafts.map(|draft| draft.order()).collect();
    let windows: Vec<_> = hours
        .windows(2)
        .map(|pair| UtcWindow {
            from: pair[0],
            to: pair[1],
        })
        .collect();
    filled_and_agreed(store, &orders, ever(), &windows).await;
    assert_eq!(counts(store, &windows).await, [2; 23]);
}

pub async fn windows_may_overlap_and_lie_apart(store: &dyn OrderStore) {
    let now = at("2026-11-22T10:37:21.500Z");
    let orders = random::orders(1_000, 4, now);
    let utc = calendar("UTC");
    let windows = [
        utc.today(now),
        UtcWindow::last_days(30, now),
        utc.same_time_days_ago(1, now),
        UtcWindow::last_days(3, now - TimeDelta::days(20)),
        UtcWindow::last_days(10, now - TimeDelta::days(18)),
        UtcWindow::last_days(30, now),
    ];
    filled_and_agreed(store, &orders, ever(), &windows).await;
}

pub async fn months_end_at_midnight_of_the_business_zone(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("OCTOBER", "2026-10-31T23:59:59.999-04:00"),
        // New York is one hour nearer to Greenwich until 2 a.m. of this day.
        Draft::at("NOVEMBER", "2026-11-01T00:00:00-04:00"),
        Draft::at("LAST", "2026-11-30T23:59:59.999-05:00"),
        Draft::at("DECEMBER", "2026-12-01T00:00:00-05:00"),
    ];
    let month = calendar("America/New_York").month("2026-11".parse().expect("a month"));
    filled_and_agreed(store, &orders(&drafts), month, &[month]).await;
    assert_eq!(counts(store, &[month]).await, [2]);
}

pub async fn a_year_ends_at_midnight_of_the_business_zone(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("OLD", "2026-12-31T23:59:59.999+01:00"),
        Draft::at("NEW", "2027-01-01T00:00:00+01:00"),
    ];
    let now = at("2027-01-01T09:00:00+01:00");
    let days = days(calendar("Europe/Berlin"), 2, now);
    filled_and_agreed(store, &orders(&drafts), ever(), &days).await;
    assert_eq!(counts(store, &days).await, [1, 1]);
}

pub async fn future_orders_are_only_active_and_recent(store: &dyn OrderStore) {
    let now = at("2026-11-22T10:37:21Z");
    let drafts = [
        Draft::new("PAST", now - TimeDelta::milliseconds(1)).status("shipped"),
        Draft::new("NOW", now).status("pending"),
        Draft::new("FUTURE", now + TimeDelta::days(3)).status("pending"),
    ];
    let month = UtcWindow::last_days(30, now);
    let week = days(calendar("UTC"), 7, now);
    filled_and_agreed(store, &orders(&drafts), month, &week).await;
    assert_eq!(counts(store, &[month]).await, [1]);
    assert_eq!(active(store).await.pending, 2);
    assert_eq!(newest(store, 1).await[0].order_id, "FUTURE");
}

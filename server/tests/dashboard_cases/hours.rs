//! The business day hour by hour, in two zones, on the days around a change of the clocks.

use app::model::{Filter, HourlyOrders};
use app::ports::{Dashboard, Read};
use chrono::TimeDelta;
use server::order::Order;

use crate::support::draft::Draft;
use crate::support::stage::Stage;
use crate::support::time::at;

/// An order of a dollar every half hour, for four days.
fn every_half_hour(from: &str) -> Vec<Order> {
    let order = |number: i64| {
        let created_at = at(from) + TimeDelta::minutes(30 * number);
        Draft::new(&format!("ORD_{number}"), created_at).total(1.0)
    };
    (0..4 * 48).map(|number| order(number).order()).collect()
}

async fn hours(zone: &str, from: &str, now: &str) -> Vec<HourlyOrders> {
    let stage = Stage::open(zone, now, every_half_hour(from)).await;
    let all = Filter::default();
    let answer = stage.dashboard.hourly_orders(&all, Read::Cached).await;
    answer.expect("hours").data
}

/// The clock, today's orders, whether they may still grow, and yesterday's: "09 1+ 2".
fn told(hour: &HourlyOrders) -> String {
    let orders = |figures: Option<app::model::Figures>| match figures {
        // A dollar each.
        Some(figures) if figures.revenue_cents.0 == 100 * figures.orders as i64 => {
            figures.orders.to_string()
        }
        Some(figures) => format!("{figures:?}"),
        None => "-".to_owned(),
    };
    let unfinished = if hour.unfinished { "+" } else { "" };
    let (today, yesterday) = (orders(hour.today), orders(hour.yesterday));
    format!(
        "{} {today}{unfinished} {yesterday}",
        hour.from.hour_and_minute()
    )
}

async fn told_from(zone: &str, from: &str, now: &str, first: usize) -> (usize, Vec<String>) {
    let hours = hours(zone, from, now).await;
    (hours.len(), hours[first..].iter().map(told).collect())
}

#[tokio::test]
async fn the_hour_that_skips_has_no_row_and_the_one_that_repeats_has_two() {
    let zone = "Europe/Berlin";
    let (from, now) = ("2026-03-27T00:00:00Z", "2026-03-29T04:15:00+02:00");
    let (rows, told) = told_from(zone, from, now, 0).await;
    assert_eq!(rows, 24);
    assert_eq!(
        told[..5],
        [
            "00:00 2 2",
            "01:00 2 2",
            "03:00 2 2",
            "04:00 1+ 2",
            "05:00 - 2"
        ]
    );
    // The short day has no 24th hour: its label is yesterday's.
    assert_eq!(told[22..], ["23:00 - 2", "23:00 - 2"]);

    let (from, now) = ("2026-10-23T00:00:00Z", "2026-10-25T03:15:00+01:00");
    let (rows, told) = told_from(zone, from, now, 0).await;
    assert_eq!(rows, 25);
    assert_eq!(
        told[..6],
        [
            "00:00 2 2",
            "01:00 2 2",
            "02:00 2 2",
            "02:00 2 2",
            "03:00 1+ 2",
            "04:00 - 2"
        ]
    );
    assert_eq!(told[23..], ["22:00 - 2", "23:00 - -"]);
}

#[tokio::test]
async fn clocks_may_change_by_half_an_hour() {
    let zone = "Australia/Lord_Howe";
    let (from, now) = ("2026-10-02T13:30:00Z", "2026-10-04T03:45:00+11:00");
    let (rows, told) = told_from(zone, from, now, 0).await;
    assert_eq!(rows, 24);
    assert_eq!(
        told[..4],
        ["00:00 2 2", "01:00 2 2", "02:30 2 2", "03:30 1+ 2"]
    );
    assert_eq!(told[23], "23:30 - 2");

    // The day after the long one, whose 25th hour is half a one.
    let (from, now) = ("2026-04-03T13:00:00Z", "2026-04-06T00:15:00+10:30");
    let (rows, told) = told_from(zone, from, now, 0).await;
    assert_eq!(rows, 25);
    assert_eq!(told[0], "00:00 1+ 2");
    assert_eq!(told[23..], ["23:00 - 2", "23:30 - 1"]);
}

#[tokio::test]
async fn a_day_begins_with_an_empty_hour() {
    let (from, now) = ("2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z");
    let (rows, told) = told_from("UTC", from, now, 0).await;
    assert_eq!(
        (rows, told[0].as_str(), told[1].as_str()),
        (24, "00:00 0+ 2", "01:00 - 2")
    );
}

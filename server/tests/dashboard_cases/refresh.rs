//! What a refresh says that changed.

use app::model::{Cents, Filter, Panel, Source};
use app::ports::{Dashboard, Read};
use chrono::TimeDelta;

use super::seen::seen;
use crate::support::draft::{Draft, orders};
use crate::support::lesson;
use crate::support::stage::Stage;

async fn lesson() -> Stage {
    Stage::open("Europe/Berlin", lesson::NOW, lesson::orders()).await
}

#[tokio::test]
async fn new_orders_are_counted_to_the_cent() {
    let stage = lesson().await;
    let seen = seen(&stage).await;
    stage.clock.advance(TimeDelta::minutes(5));
    let new = [
        Draft::at("NEW_1", "2026-11-22T10:38:00Z").total(0.1),
        Draft::at("NEW_2", "2026-11-22T10:39:00Z").total(840.01),
        Draft::at("NEW_3", "2026-11-22T10:40:00Z")
            .total(500.0)
            .status("returned"),
    ];
    stage.add(orders(&new)).await;
    let report = stage.dashboard.refresh(Some(seen)).await;
    let report = report.expect("a report");
    // The time is that of the page, in the business time zone.
    assert_eq!(report.sentence(), "+3 orders, +$840.11 since 11:37:21");
    assert_eq!((report.orders, report.revenue_cents), (3, Cents(84_011)));
    assert_eq!(
        report.changed,
        [
            Panel::Today,
            Panel::Returns,
            Panel::HourlyOrders,
            Panel::DailyOrders,
            Panel::CategoryRevenue,
            Panel::RegionRevenue,
            Panel::RecentOrders
        ]
    );
    assert_eq!(report.failed, []);
}

#[tokio::test]
async fn all_that_was_cached_is_rewritten() {
    let stage = lesson().await;
    let before = seen(&stage).await;
    stage.clock.advance(TimeDelta::minutes(5));
    let order = Draft::at("NEW_1", "2026-11-22T10:38:00Z").status("shipped");
    stage.add(vec![order.quantity(99).order()]).await;
    stage.dashboard.refresh(None).await.expect("a report");

    let after = seen(&stage).await;
    assert_eq!(
        after.watermark.figures.orders,
        before.watermark.figures.orders + 1
    );
    for (now, then) in after.panels.iter().zip(&before.panels) {
        assert_ne!(now, then);
    }
    let dashboard = &stage.dashboard;
    let read = Read::Cached;
    let computed = [
        dashboard
            .today(&Filter::default(), read)
            .await
            .map(|answer| (answer.source, answer.computed_at)),
        dashboard
            .active_orders(&Filter::default(), read)
            .await
            .map(|answer| (answer.source, answer.computed_at)),
        dashboard
            .daily_orders(&Filter::default(), read)
            .await
            .map(|answer| (answer.source, answer.computed_at)),
        dashboard
            .category_revenue(&Filter::default(), read)
            .await
            .map(|answer| (answer.source, answer.computed_at)),
        dashboard
            .top_products(&Filter::default(), read)
            .await
            .map(|answer| (answer.source, answer.computed_at)),
        dashboard
            .recent_orders(&Filter::default(), read)
            .await
            .map(|answer| (answer.source, answer.computed_at)),
    ];
    for answer in computed {
        let (source, computed_at) = answer.expect("an answer");
        assert_eq!(source, Source::Cache);
        assert_eq!(computed_at.to_string(), "2026-11-22T11:42:21.000+01:00");
    }
}

#[tokio::test]
async fn nothing_is_said_to_be_nothing() {
    let stage = lesson().await;
    let seen = seen(&stage).await;
    for _ in 0..2 {
        let report = stage.dashboard.refresh(Some(seen.clone())).await;
        let report = report.expect("a report");
        assert_eq!(report.sentence(), "Nothing changed since 11:37:21");
    }
}

#[tokio::test]
async fn a_page_that_does_not_say_what_it_shows_is_refreshed_all_the_same() {
    let stage = lesson().await;
    let report = stage.dashboard.refresh(None).await.expect("a report");
    assert_eq!(report.sentence(), "Refreshed");
    assert_eq!((report.orders, report.changed.len()), (0, 0));
    assert_eq!(stage.store.calls("by_category"), 1);
}

#[tokio::test]
async fn a_changed_status_is_no_new_order() {
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").status("pending");
    let stage = lesson().await;
    stage.add(vec![order.order()]).await;
    let seen = seen(&stage).await;
    stage.add(vec![order.status("shipped").order()]).await;
    let report = stage.dashboard.refresh(Some(seen)).await;
    let report = report.expect("a report");
    assert_eq!(report.changed, [Panel::ActiveOrders, Panel::RecentOrders]);
    assert_eq!(
        report.sentence(),
        "No new orders since 11:37:21; updated: Active orders, Recent orders"
    );
}

#[tokio::test]
async fn a_returned_order_takes_its_revenue_back() {
    let order = Draft::at("NEW_1", "2026-11-20T10:00:00Z").total(25.0);
    let stage = lesson().await;
    stage.add(vec![order.order()]).await;
    let seen = seen(&stage).await;
    stage.add(vec![order.status("returned").order()]).await;
    let report = stage.dashboard.refresh(Some(seen)).await;
    let report = report.expect("a report");
    assert_eq!(report.sentence(), "0 orders, −$25.00 since 11:37:21");
}

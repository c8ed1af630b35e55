//! What a refresh compares with, however odd that is.

use app::model::{Cents, Figures, Panel, Seen, Timestamp, Watermark};
use app::ports::{Dashboard, Read};
use chrono::TimeDelta;

use super::seen::seen;
use crate::support::draft::Draft;
use crate::support::lesson;
use crate::support::stage::Stage;

async fn lesson() -> Stage {
    Stage::open("UTC", lesson::NOW, lesson::orders()).await
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an RFC 3339 time")
}

#[tokio::test]
async fn orders_that_leave_the_window_are_no_loss() {
    let stage = lesson().await;
    let old = seen(&stage).await;
    stage.clock.advance(TimeDelta::days(10));
    let order = Draft::at("NEW_1", "2026-12-01T10:00:00Z").total(5.0);
    stage.add(vec![order.order()]).await;
    let report = stage.dashboard.refresh(Some(old.clone())).await;
    let report = report.expect("a report");
    assert_eq!(report.sentence(), "+1 order, +$5.00 since 22 Nov 10:37");
    // The test would say nothing if no order had left the window.
    let now = stage.dashboard.watermark(Read::Cached).await;
    let now = now.expect("a watermark").figures;
    assert!(now.orders < old.watermark.figures.orders);
}

#[tokio::test]
async fn the_page_after_a_refresh_starts_from_there() {
    let stage = lesson().await;
    let first = seen(&stage).await;
    stage.clock.advance(TimeDelta::minutes(1));
    let order = Draft::at("NEW_1", "2026-11-22T10:38:00Z").total(5.0);
    stage.add(vec![order.order()]).await;
    let report = stage.dashboard.refresh(Some(first)).await;
    assert_eq!(report.expect("a report").orders, 1);
    let second = seen(&stage).await;
    let report = stage.dashboard.refresh(Some(second)).await;
    let report = report.expect("a report");
    assert_eq!(report.sentence(), "Nothing changed since 10:38:21");
}

#[tokio::test]
async fn a_panel_that_was_not_on_the_page_is_new() {
    let stage = lesson().await;
    let mut seen = seen(&stage).await;
    seen.panels.retain(|(panel, _)| *panel != Panel::Today);
    seen.panels[0].1 = "no fingerprint".to_owned();
    let report = stage.dashboard.refresh(Some(seen)).await;
    let report = report.expect("a report");
    assert_eq!(report.changed, [Panel::Today, Panel::ActiveOrders]);
}

#[tokio::test]
async fn absurd_figures_do_no_harm() {
    let stage = lesson().await;
    let before = seen(&stage).await;
    let Figures {
        orders,
        revenue_cents,
    } = before.watermark.figures;
    assert_eq!((orders, revenue_cents), (435, Cents(12_713_216)));
    // Orders and cents as posted, and what that makes more.
    for (orders, cents, more_orders, more_cents) in [
        (u64::MAX, i64::MIN, i64::MIN, i64::MAX),
        (u64::MAX, i64::MAX, i64::MIN, 12_713_216 - i64::MAX),
        (i64::MAX as u64, -1, 435 - i64::MAX, 12_713_217),
        (0, 0, 435, 12_713_216),
    ] {
        let watermark = Watermark {
            figures: Figures {
                orders,
                revenue_cents: Cents(cents),
            },
            ..before.watermark
        };
        let panels = before.panels.clone();
        let report = stage
            .dashboard
            .refresh(Some(Seen { watermark, panels }))
            .await;
        let report = report.expect("a report");
        assert_eq!(
            (report.orders, report.revenue_cents),
            (more_orders, Cents(more_cents))
        );
        // It must be sayable, too.
        assert!(report.sentence().contains(" since 10:37:21"));
    }
}

#[tokio::test]
async fn absurd_times_do_no_harm() {
    let stage = lesson().await;
    let before = seen(&stage).await;
    for (from, at, more) in [
        ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", 500),
        ("9999-12-31T23:59:59.999+23:59", "0000-01-01T00:00:00Z", 0),
        (lesson::NOW, lesson::NOW, 0),
    ] {
        let watermark = Watermark {
            from: time(from),
            at: time(at),
            figures: Figures::default(),
        };
        let panels = before.panels.clone();
        let report = stage
            .dashboard
            .refresh(Some(Seen { watermark, panels }))
            .await;
        assert_eq!(report.expect("a report").orders, more, "{from}");
    }
}

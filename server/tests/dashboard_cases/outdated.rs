//! Answers whose time is over: on the next day, after other orders have come, while the store is away.

use app::model::{Cents, Filter, Source};
use app::ports::{Dashboard, Read};
use chrono::TimeDelta;
use server::store::OrderStore;

use crate::support::draft::Draft;
use crate::support::lesson;
use crate::support::stage::Stage;

async fn late_in_the_evening() -> Stage {
    let order = Draft::at("ORD_1", "2026-11-23T22:00:00Z").order();
    let stage = Stage::open("Europe/Berlin", "2026-11-23T22:59:30Z", vec![order]).await;
    stage
        .dashboard
        .today(&Filter::default(), Read::Cached)
        .await
        .expect("today");
    let days = stage
        .dashboard
        .daily_orders(&Filter::default(), Read::Cached)
        .await;
    days.expect("days");
    // Half a minute into the 24th, well within every lifetime.
    stage.clock.advance(TimeDelta::seconds(60));
    stage
}

#[tokio::test]
async fn yesterday_is_not_shown_as_today() {
    let stage = late_in_the_evening().await;
    let today = stage
        .dashboard
        .today(&Filter::default(), Read::Cached)
        .await
        .expect("today");
    assert_eq!(today.source, Source::Database);
    assert_eq!(today.data.today.orders, 0);
    let days = stage
        .dashboard
        .daily_orders(&Filter::default(), Read::Cached)
        .await;
    let days = days.expect("days").data;
    assert_eq!(days[6].day.to_string(), "2026-11-24");
    assert_eq!((days[5].orders, days[6].orders), (1, 0));
}

#[tokio::test]
async fn while_the_store_is_away_the_last_known_answer_says_why() {
    let stage = late_in_the_evening().await;
    stage.store.fail(&["totals"]);
    let today = stage
        .dashboard
        .today(&Filter::default(), Read::Cached)
        .await
        .expect("today");
    assert_eq!(today.source, Source::StaleCache);
    assert_eq!(
        today.stale_because.as_deref(),
        Some("SQLite does not answer")
    );
    // It is yesterday's, and says so.
    let window = today.window.expect("a window");
    assert_eq!(window.to.to_string(), "2026-11-23T23:59:30.000+01:00");
    assert_eq!(today.data.today.revenue_cents, Cents(1_000));
    // It heals by itself.
    stage.store.fail(&[]);
    let today = stage
        .dashboard
        .today(&Filter::default(), Read::Cached)
        .await
        .expect("today");
    assert_eq!(
        (today.source, today.stale_because),
        (Source::Database, None)
    );
}

#[tokio::test]
async fn synthetic_figures_end_with_the_synthetic_orders() {
    let stage = Stage::demonstration("UTC", lesson::NOW, lesson::orders()).await;
    let dashboard = &stage.dashboard;
    assert!(dashboard.status().await.demonstration);
    dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await
        .expect("categories");
    stage.sqlite.adopt().await.expect("adoption");
    assert!(!dashboard.status().await.demonstration);
    let categories = dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(categories.expect("categories").data, Vec::new());
    let watermark = dashboard.watermark(Read::Cached).await.expect("one");
    assert_eq!(watermark.figures.orders, 0);
}

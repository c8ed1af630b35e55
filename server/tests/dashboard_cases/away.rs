//! A store that is away is left alone, and found back.

use std::time::Duration;

use app::model::Source;
use app::ports::{Dashboard, Read};
use chrono::TimeDelta;

use crate::support::lesson;
use crate::support::stage::Stage;

const ALL: [&str; 8] = [
    "category_revenue",
    "order_counts",
    "figures",
    "active_orders",
    "top_products",
    "recent_orders",
    "is_demonstration",
    "ping",
];

fn calls(stage: &Stage) -> u32 {
    ALL.iter().map(|read| stage.store.calls(read)).sum()
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_it_and_it_sees_a_probe_a_second() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    stage.dashboard.today(Read::Cached).await.expect("today");
    // The answers of yesterday are not for today.
    stage.clock.advance(TimeDelta::days(1));
    stage.store.fail(&ALL);
    for _ in 0..3 {
        let today = stage.dashboard.today(Read::Cached).await;
        assert_eq!(today.expect("today").source, Source::StaleCache);
    }
    let before = calls(&stage);
    for _ in 0..1_000 {
        let today = stage.dashboard.today(Read::Cached).await;
        assert_eq!(today.expect("today").source, Source::StaleCache);
        let error = stage.dashboard.active_orders(Read::Cached).await;
        let error = error.expect_err("nothing is known");
        assert_eq!(
            error.message,
            "SQLite does not answer, and nothing is cached"
        );
        stage.dashboard.status().await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let probes = calls(&stage) - before;
    assert!((8..=12).contains(&probes), "{probes} in 10 s");

    stage.store.fail(&[]);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let today = stage.dashboard.today(Read::Cached).await;
    assert_eq!(today.expect("today").source, Source::Database);
}

#[tokio::test]
async fn a_failing_metric_does_not_take_the_others_with_it() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    stage.store.fail(&["top_products"]);
    for _ in 0..10 {
        let products = stage.dashboard.top_products(Read::Cached).await;
        products.expect_err("a failure");
        let active = stage.dashboard.active_orders(Read::Fresh).await;
        active.expect("active orders");
    }
}

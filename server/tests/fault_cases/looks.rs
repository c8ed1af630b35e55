//! What users see of a server.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::lesson;
use crate::support::replica::Replica;

pub const METRICS: [&str; 9] = [
    "category_revenue",
    "region_revenue",
    "daily_orders",
    "today",
    "hourly_orders",
    "returns",
    "active_orders",
    "top_products",
    "recent_orders",
];

/// How long anybody waits for anything, whatever is broken: 2.5 s, and more for a machine that has
/// other things to do. `make bench-faults` measures it.
pub const AT_MOST: Duration = Duration::from_secs(6);
/// How long it takes until a server that does not answer counts as away, or one that is back is
/// found: 10 s, and again as long.
const SOON: Duration = Duration::from_secs(20);

/// The page's text; it is there whatever is broken, and soon.
pub async fn page(replica: &Replica) -> String {
    let begun = Instant::now();
    let answer = replica.get("/").await;
    assert!(begun.elapsed() < AT_MOST, "the page: {:?}", begun.elapsed());
    assert_eq!(answer.status, 200);
    answer.text().to_owned()
}

/// Status and JSON of a metric; soon.
pub async fn metric(replica: &Replica, name: &str) -> (u16, Value) {
    let begun = Instant::now();
    let answer = replica.post(&format!("/api/{name}"), "").await;
    let took = begun.elapsed();
    assert!(took < AT_MOST, "{name}: {took:?}");
    (answer.status.as_u16(), answer.json())
}

/// How often the orders were asked for a metric.
pub fn queries(replica: &Replica) -> u32 {
    let reads = [
        "totals",
        "by_category",
        "by_region",
        "by_product",
        "active",
        "orders",
    ];
    let calls = reads.iter().map(|read| replica.store.calls(read));
    calls.sum()
}

/// Every metric is right, and comes from one of `sources`.
pub async fn right(replica: &Replica, sources: &[&str]) {
    for name in METRICS {
        let (status, answer) = metric(replica, name).await;
        assert_eq!(status, 200, "{name}: {answer}");
        assert!(is_right(name, &answer), "{name}: {answer}");
        let source = answer["source"].as_str().expect("a source");
        assert!(sources.contains(&source), "{name}: {answer}");
    }
}

/// Whether it is what the lesson says.
fn is_right(name: &str, answer: &Value) -> bool {
    let expected = lesson::expected();
    let data = &answer["data"];
    let equal = |field: &str, row: &Value, expected: &Value| row[field] == expected[field];
    let rows = |expected: &Value, fields: &[&str]| {
        let (data, expected) = (data.as_array(), expected.as_array());
        data.zip(expected).is_some_and(|(data, expected)| {
            data.len() == expected.len()
                && data
                    .iter()
                    .zip(expected)
                    .all(|(row, expected)| fields.iter().all(|field| equal(field, row, expected)))
        })
    };
    match name {
        "category_revenue" => rows(&expected[name], &["category", "revenue_cents", "orders"]),
        "region_revenue" => data.as_array().is_some_and(|rows| rows.len() == 4),
        "daily_orders" => rows(&expected[name], &["day", "orders"]),
        "top_products" => rows(&expected[name], &["product_id", "units", "revenue_cents"]),
        "recent_orders" => data.as_array().is_some_and(|rows| rows.len() == 5),
        "hourly_orders" => data.as_array().is_some_and(|rows| rows.len() == 24),
        "returns" => data["last_7_days"]["orders"].is_u64(),
        _ => expected[name]
            .as_object()
            .is_some_and(|figures| figures.iter().all(|(name, figure)| data[name] == *figure)),
    }
}

/// Waits until `holds`.
pub async fn soon(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < SOON, "{what}: not in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until nothing is wrong any more: answers come from the cache, and the page says nothing.
pub async fn healed(replica: &Replica) {
    soon("healed", async || {
        let (status, answer) = metric(replica, "today").await;
        let is_cached = status == 200 && answer["source"] == "cache";
        is_cached && !page(replica).await.contains("does not answer")
    })
    .await;
    right(replica, &["cache", "database"]).await;
    assert_eq!(replica.get("/health/ready").await.status, 200);
}

//! Every answer as JSON, as other programs get it.

use app::model::Filter;
use app::ports::{Dashboard, Read};
use serde::Serialize;
use serde_json::{Value, json};
use server::order::Order;

use crate::support::draft::{Draft, orders};
use crate::support::stage::Stage;

/// 10:30 in Berlin.
const NOW: &str = "2026-11-23T09:30:00.012Z";

/// Both sides of a midnight in Berlin, and of one in UTC.
fn some() -> Vec<Order> {
    orders(&[
        Draft::at("ORD_1", "2026-11-22T22:59:59.999Z").total(100.25),
        Draft::at("ORD_2", "2026-11-22T23:00:00Z")
            .total(50.0)
            .status("pending"),
        Draft {
            product_name: Some("Merino tee".to_owned()),
            ..Draft::at("ORD_3", "2026-11-23T00:30:00Z")
        }
        .total(20.0)
        .quantity(3)
        .product("PROD_002")
        .category("apparel"),
        Draft::at("ORD_4", "2026-11-23T09:00:00Z")
            .total(999.99)
            .status("returned"),
    ])
}

/// The answer without the one value that differs every time.
fn wire(answer: impl Serialize) -> Value {
    let mut json = serde_json::to_value(answer).expect("JSON");
    let took = json.as_object_mut().expect("an object").remove("took_ms");
    let took = took.and_then(|took| took.as_f64()).expect("a duration");
    assert!((0.0..60_000.0).contains(&took), "{took} ms");
    json
}

fn week() -> Value {
    json!({ "from": "2026-11-17T00:00:00.000+01:00", "to": "2026-11-23T10:30:00.012+01:00" })
}

#[tokio::test]
async fn category_revenue() {
    let stage = Stage::open("Europe/Berlin", NOW, some()).await;
    let answer = stage
        .dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(
        wire(answer.expect("categories")),
        json!({
            "data": [
                { "category": "footwear", "revenue_cents": 15025, "orders": 2, "average_order_cents": 7513 },
                { "category": "apparel", "revenue_cents": 2000, "orders": 1, "average_order_cents": 2000 },
            ],
            // Thirty times 24 hours: summer time ended between.
            "window": { "from": "2026-10-24T11:30:00.012+02:00", "to": "2026-11-23T10:30:00.012+01:00" },
            "computed_at": "2026-11-23T10:30:00.012+01:00",
            "source": "database",
        })
    );
    let again = stage
        .dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    let again = wire(again.expect("categories"));
    assert_eq!(again["source"], "cache");
    // From the cache with the same offsets, which equality of instants would not see.
    assert_eq!(again["window"]["from"], "2026-10-24T11:30:00.012+02:00");
    assert_eq!(again["computed_at"], "2026-11-23T10:30:00.012+01:00");
}

#[tokio::test]
async fn region_revenue() {
    let stage = Stage::open("Europe/Berlin", NOW, some()).await;
    let answer = stage
        .dashboard
        .region_revenue(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(
        wire(answer.expect("regions"))["data"],
        json!([
            { "region": "North", "revenue_cents": 17025, "orders": 3, "average_order_cents": 5675 },
        ])
    );
}

#[tokio::test]
async fn daily_orders() {
    let stage = Stage::open("Europe/Berlin", NOW, some()).await;
    let answer = stage
        .dashboard
        .daily_orders(&Filter::default(), Read::Cached)
        .await;
    let day = |day: &str, orders: u64, unfinished: bool| json!({ "day": day, "orders": orders, "unfinished": unfinished });
    assert_eq!(
        wire(answer.expect("days")),
        json!({
            "data": [
                day("2026-11-17", 0, false),
                day("2026-11-18", 0, false),
                day("2026-11-19", 0, false),
                day("2026-11-20", 0, false),
                day("2026-11-21", 0, false),
                day("2026-11-22", 1, false),
                day("2026-11-23", 3, true),
            ],
            "window": week(),
            "computed_at": "2026-11-23T10:30:00.012+01:00",
            "source": "database",
        })
    );
}

#[tokio::test]
async fn today() {
    let stage = Stage::open("Europe/Berlin", NOW, some()).await;
    let answer = stage
        .dashboard
        .today(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(
        wire(answer.expect("today")),
        json!({
            "data": {
                "today": { "revenue_cents": 7000, "orders": 3 },
                "yesterday_same_time": { "revenue_cents": 0, "orders": 0 },
                "week_ago_same_time": { "revenue_cents": 0, "orders": 0 },
                "yesterday": { "revenue_cents": 10025, "orders": 1 },
            },
            "window": { "from": "2026-11-23T00:00:00.000+01:00", "to": "2026-11-23T10:30:00.012+01:00" },
            "computed_at": "2026-11-23T10:30:00.012+01:00",
            "source": "database",
        })
    );
}

#[tokio::test]
async fn hourly_orders() {
    let stage = Stage::open("Europe/Berlin", NOW, some()).await;
    let all = Filter::default();
    let answer = stage.dashboard.hourly_orders(&all, Read::Cached).await;
    let json = wire(answer.expect("hours"));
    assert_eq!(json["window"]["from"], "2026-11-23T00:00:00.000+01:00");
    let rows = json["data"].as_array().expect("rows");
    let figures = |cents, orders| json!({ "revenue_cents": cents, "orders": orders });
    let row = |hour: usize, today, yesterday, unfinished: bool| {
        let from = format!("2026-11-23T{hour:02}:00:00.000+01:00");
        json!({ "from": from, "today": today, "yesterday": yesterday, "unfinished": unfinished })
    };
    assert_eq!(rows.len(), 24);
    assert_eq!(rows[0], row(0, figures(5000, 1), figures(0, 0), false));
    // Returned: an order without revenue.
    assert_eq!(rows[10], row(10, figures(0, 1), figures(0, 0), true));
    assert_eq!(rows[11], row(11, Value::Null, figures(0, 0), false));
    assert_eq!(rows[23], row(23, Value::Null, figures(10025, 1), false));
}

#[tokio::test]
async fn returns() {
    let mut orders = some();
    let early = |id: &str, at: &str| Draft::at(id, at).status("returned").order();
    orders.push(early("ORD_5", "2026-11-17T00:00:00+01:00"));
    orders.push(early("ORD_6", "2026-11-16T23:59:59.999+01:00"));
    orders.push(early("ORD_7", "2026-11-10T00:00:00+01:00"));
    orders.push(early("ORD_8", "2026-11-09T23:59:59.999+01:00"));
    let stage = Stage::open("Europe/Berlin", NOW, orders).await;
    let all = Filter::default();
    let json = wire(
        stage
            .dashboard
            .returns(&all, Read::Cached)
            .await
            .expect("returns"),
    );
    assert_eq!(json["window"], week());
    assert_eq!(
        json["data"],
        json!({
            "last_7_days": { "orders": 5, "returned": 2 },
            "the_7_before": { "orders": 2, "returned": 2 },
        })
    );
}

#[tokio::test]
async fn active_orders() {
    let stage = Stage::open("Europe/Berlin", NOW, some()).await;
    let answer = stage
        .dashboard
        .active_orders(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(
        wire(answer.expect("active orders")),
        json!({
            "data": {
                "pending": 1, "shipped": 0,
                "oldest_pending": "2026-11-23T00:00:00.000+01:00", "pending_over_24h": 0,
            },
            "window": null,
            "computed_at": "2026-11-23T10:30:00.012+01:00",
            "source": "database",
        })
    );
}

#[tokio::test]
async fn pending_orders_of_more_than_24_hours_are_counted() {
    let pending = |id: &str, at: &str| Draft::at(id, at).status("pending").order();
    let orders = vec![
        pending("ORD_1", "2026-11-22T09:30:00.011Z"),
        pending("ORD_2", "2026-11-22T09:30:00.012Z"),
        pending("ORD_3", "2026-11-25T00:00:00Z"),
    ];
    let stage = Stage::open("UTC", NOW, orders).await;
    let all = Filter::default();
    let active = stage.dashboard.active_orders(&all, Read::Cached).await;
    assert_eq!(
        wire(active.expect("active orders"))["data"],
        json!({
            "pending": 3, "shipped": 0,
            "oldest_pending": "2026-11-22T09:30:00.011+00:00", "pending_over_24h": 1,
        })
    );
}

#[tokio::test]
async fn top_products() {
    let stage = Stage::open("Europe/Berlin", NOW, some()).await;
    let answer = stage
        .dashboard
        .top_products(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(
        wire(answer.expect("products")),
        json!({
            "data": [
                {
                    "product_id": "PROD_002", "product_name": "Merino tee", "category": "apparel",
                    "units": 3, "revenue_cents": 2000,
                },
                { "product_id": "PROD_001", "category": "footwear", "units": 2, "revenue_cents": 15025 },
            ],
            "window": week(),
            "computed_at": "2026-11-23T10:30:00.012+01:00",
            "source": "database",
        })
    );
}

#[tokio::test]
async fn recent_orders() {
    let stage = Stage::open("America/New_York", NOW, some()).await;
    let answer = stage
        .dashboard
        .recent_orders(&Filter::default(), Read::Cached)
        .await;
    let json = wire(answer.expect("recent orders"));
    assert_eq!(json["window"], Value::Null);
    assert_eq!(json["computed_at"], "2026-11-23T04:30:00.012-05:00");
    let ids: Vec<_> = json["data"].as_array().expect("rows").iter().collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(
        json["data"][1],
        json!({
            "order_id": "ORD_3", "created_at": "2026-11-22T19:30:00.000-05:00",
            "product_id": "PROD_002", "total_cents": 2000, "status": "delivered",
        })
    );
}

#[tokio::test]
async fn an_empty_store_answers_too() {
    let stage = Stage::open("Europe/Berlin", NOW, Vec::new()).await;
    let categories = stage
        .dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(wire(categories.expect("categories"))["data"], json!([]));
    let recent = stage
        .dashboard
        .recent_orders(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(wire(recent.expect("recent orders"))["data"], json!([]));
    let days = stage
        .dashboard
        .daily_orders(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(days.expect("days").data.len(), 7);
    // Nothing is an answer, and is cached like any other.
    let again = stage
        .dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(wire(again.expect("categories"))["source"], "cache");
}

//! The 500 orders of the lesson, with the figures that were computed there.

use app::model::{CategoryRevenue, Month, ProductSales, RecentOrder};
use serde_json::{Value, json};
use server::calendar::UtcWindow;
use server::order::Order;
use server::store::OrderStore;

use crate::support::agreement::{agreed, drained};
use crate::support::time::{at, calendar, days};

const ORDERS: &str = include_str!("../data/lesson_orders.jsonl");
const EXPECTED: &str = include_str!("../data/lesson_orders_expected.json");

pub async fn figures_are_those_of_the_lesson(store: &dyn OrderStore) {
    let expected: Value = serde_json::from_str(EXPECTED).expect("JSON");
    let orders: Vec<_> = ORDERS
        .lines()
        .map(|line| Order::from_json(line).expect("an order"))
        .collect();
    store.upsert(orders.clone()).await.expect("an upsert");

    let now = at(expected["now"].as_str().expect("a time"));
    let utc = calendar("UTC");
    let month = UtcWindow::last_days(30, now);
    let week = utc.last_business_days(7, now);
    let days = days(utc, 7, now);
    let seven = UtcWindow {
        from: days[0].from,
        to: now,
    };

    assert_eq!(
        json!(store.count().await.expect("a count")),
        expected["orders"]
    );
    let rows = store.category_revenue(month).await.expect("categories");
    assert_eq!(
        rows.iter().map(category).collect::<Value>(),
        expected["category_revenue"]
    );
    let counts = store.order_counts(&days).await.expect("counts");
    let rows = week.iter().zip(counts);
    assert_eq!(
        rows.map(|((day, _), orders)| json!({ "day": day, "orders": orders }))
            .collect::<Value>(),
        expected["daily_orders"]
    );
    let windows = [utc.today(now), utc.yesterday_same_time(now)];
    let figures = store.figures(&windows).await.expect("figures");
    assert_eq!(
        json!({ "today": figures[0], "yesterday_same_time": figures[1] }),
        expected["today"]
    );
    let active = store.active_orders().await.expect("active orders");
    assert_eq!(json!(active), expected["active_orders"]);
    let rows = store.top_products(seven, 5).await.expect("products");
    assert_eq!(
        rows.iter().map(product).collect::<Value>(),
        expected["top_products"]
    );
    let rows = store.recent_orders(5).await.expect("recent orders");
    assert_eq!(
        rows.iter().map(time).collect::<Value>(),
        expected["newest_order_times"]
    );
    for (name, orders) in expected["months"].as_object().expect("months") {
        let month: Month = name.parse().expect("a month");
        let documents = drained(store, utc.month(month)).await;
        assert_eq!(json!(documents.len()), *orders, "{name}");
    }
    agreed(store, &orders, month, &days).await;
}

fn category(row: &CategoryRevenue) -> Value {
    json!({
        "category": row.category,
        "revenue_cents": row.revenue_cents,
        "orders": row.orders,
    })
}

fn product(row: &ProductSales) -> Value {
    json!({
        "product_id": row.product_id,
        "units": row.units,
        "revenue_cents": row.revenue_cents,
    })
}

fn time(row: &RecentOrder) -> Value {
    let text = row.created_at.utc().to_rfc3339();
    json!(text.replace("+00:00", "Z"))
}

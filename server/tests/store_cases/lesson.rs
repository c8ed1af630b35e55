//! The 500 orders of the lesson, with the figures that were computed there.

use std::cmp::Reverse;

use app::model::Month;
use serde_json::{Value, json};
use server::calendar::UtcWindow;
use server::store::{Dimension, OrderStore, Totals};

use crate::support::agreement::{agreed, drained};
use crate::support::lesson;
use crate::support::reads::{active, by, counts, newest, totals};
use crate::support::time::{at, calendar, days};

pub async fn figures_are_those_of_the_lesson(store: &dyn OrderStore) {
    let expected = lesson::expected();
    let orders = lesson::orders();
    store.upsert(orders.clone()).await.expect("an upsert");

    let now = at(lesson::NOW);
    let utc = calendar("UTC");
    let month = UtcWindow::last_days(30, now);
    let days = days(utc, 7, now);
    let seven = UtcWindow {
        from: days[0].from,
        to: now,
    };

    assert_eq!(
        json!(store.count().await.expect("a count")),
        expected["orders"]
    );
    let mut categories = by(store, Dimension::Category, month).await;
    categories.sort_by_key(|group| Reverse(group.revenue_cents));
    let rows = categories.iter().map(|group| {
        json!({ "category": group.value, "revenue_cents": group.revenue_cents, "orders": group.orders })
    });
    assert_eq!(rows.collect::<Value>(), expected["category_revenue"]);

    let expected_days = expected["daily_orders"].as_array().expect("days");
    let expected_days = expected_days.iter().map(|day| day["orders"].as_u64());
    let counted = counts(store, &days).await;
    assert!(counted.into_iter().map(Some).eq(expected_days));

    let windows = [utc.today(now), utc.same_time_days_ago(1, now)];
    let totals = totals(store, &windows).await;
    let figures =
        |totals: Totals| json!({ "revenue_cents": totals.revenue_cents, "orders": totals.orders });
    assert_eq!(
        json!({ "today": figures(totals[0]), "yesterday_same_time": figures(totals[1]) }),
        expected["today"]
    );
    let active = active(store).await;
    assert_eq!(
        json!({ "pending": active.pending, "shipped": active.shipped }),
        expected["active_orders"]
    );
    let mut products = by(store, Dimension::Product, seven).await;
    products.sort_by_key(|group| Reverse((group.units, group.revenue_cents)));
    let rows = products.iter().take(5).map(|group| {
        json!({ "product_id": group.value, "units": group.units, "revenue_cents": group.revenue_cents })
    });
    assert_eq!(rows.collect::<Value>(), expected["top_products"]);

    let times = newest(store, 5).await.into_iter().map(|order| {
        let text = order.created_at.utc().to_rfc3339();
        json!(text.replace("+00:00", "Z"))
    });
    assert_eq!(times.collect::<Value>(), expected["newest_order_times"]);
    for (name, orders) in expected["months"].as_object().expect("months") {
        let month: Month = name.parse().expect("a month");
        let documents = drained(store, utc.month(month)).await;
        assert_eq!(json!(documents.len()), *orders, "{name}");
    }
    agreed(store, &orders, month, &days).await;
}

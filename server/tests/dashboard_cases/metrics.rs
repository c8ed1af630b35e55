//! The metrics: the lesson's figures, their order, and where they come from.

use app::model::{
    CategoryRevenue, Cents, DailyOrders, Filter, Panel, ProductSales, RecentOrder, Source,
};
use app::ports::{Dashboard, Read};
use serde_json::{Value, json};
use server::cache::{Cache, Entry, Key};

use crate::support::draft::{Draft, orders};
use crate::support::lesson;
use crate::support::stage::Stage;

#[tokio::test]
async fn the_lessons_orders_give_the_lessons_figures() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    let expected = lesson::expected();
    let dashboard = &stage.dashboard;
    // Once computed, once out of the cache: the same figures.
    for source in [Source::Database, Source::Cache] {
        let read = Read::Cached;
        let categories = dashboard
            .category_revenue(&Filter::default(), read)
            .await
            .expect("categories");
        let rows = categories.data.iter().map(|row: &CategoryRevenue| {
            json!({ "category": row.name, "revenue_cents": row.revenue_cents, "orders": row.orders })
        });
        assert_eq!(rows.collect::<Value>(), expected["category_revenue"]);

        let days = dashboard
            .daily_orders(&Filter::default(), read)
            .await
            .expect("days");
        let rows = days.data.iter();
        let rows = rows.map(|row: &DailyOrders| json!({ "day": row.day, "orders": row.orders }));
        assert_eq!(rows.collect::<Value>(), expected["daily_orders"]);
        let unfinished: Vec<bool> = days.data.iter().map(|day| day.unfinished).collect();
        assert_eq!(unfinished, [false, false, false, false, false, false, true]);

        let today = dashboard
            .today(&Filter::default(), read)
            .await
            .expect("today");
        let figures = json!({
            "today": today.data.today, "yesterday_same_time": today.data.yesterday_same_time,
        });
        assert_eq!(figures, expected["today"]);

        let active = dashboard
            .active_orders(&Filter::default(), read)
            .await
            .expect("active orders");
        let counts = json!({ "pending": active.data.pending, "shipped": active.data.shipped });
        assert_eq!(counts, expected["active_orders"]);

        let products = dashboard
            .top_products(&Filter::default(), read)
            .await
            .expect("products");
        let rows = products.data.iter().map(|row: &ProductSales| {
            json!({ "product_id": row.product_id, "units": row.units, "revenue_cents": row.revenue_cents })
        });
        assert_eq!(rows.collect::<Value>(), expected["top_products"]);

        let recent = dashboard
            .recent_orders(&Filter::default(), read)
            .await
            .expect("recent orders");
        let times = recent
            .data
            .iter()
            .map(|row: &RecentOrder| json!(row.created_at.to_string().replace(".000+00:00", "Z")));
        assert_eq!(times.collect::<Value>(), expected["newest_order_times"]);

        let sources = [
            categories.source,
            days.source,
            today.source,
            active.source,
            products.source,
            recent.source,
        ];
        assert_eq!(sources, [source; 6]);
    }
}

#[tokio::test]
async fn categories_of_equal_revenue_come_by_name_and_averages_are_rounded_half_up() {
    let draft = |id: &str, category: &str, dollars| {
        Draft::at(id, "2026-11-22T10:00:00Z")
            .category(category)
            .total(dollars)
    };
    let drafts = [
        draft("ORD_1", "b", 0.01),
        draft("ORD_2", "b", 0.02),
        draft("ORD_3", "a", 0.03),
        draft("ORD_4", "below zero", -0.01),
        draft("ORD_5", "below zero", -0.02),
        draft("ORD_6", "ä", 0.04),
    ];
    let stage = Stage::open("UTC", lesson::NOW, orders(&drafts)).await;
    let all = Filter::default();
    let answer = stage.dashboard.category_revenue(&all, Read::Cached).await;
    let rows = answer.expect("categories").data;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.average_order_cents.0))
        .collect();
    assert_eq!(rows, [("ä", 4), ("a", 3), ("b", 2), ("below zero", -1)]);
}

#[tokio::test]
async fn the_top_products_come_by_units_then_revenue_then_id() {
    let sales = [
        ("PROD_4", 2, 10.0),
        ("PROD_3", 2, 10.0),
        ("PROD_2", 2, 10.01),
        ("PROD_1", 1, 99.0),
        ("PROD_5", 3, -1.0),
        ("PROD_6", 0, 99.0),
    ];
    let drafts = sales.map(|(product, units, dollars)| {
        let draft = Draft::at(product, "2026-11-22T10:00:00Z").product(product);
        draft.quantity(units).total(dollars)
    });
    let stage = Stage::open("UTC", lesson::NOW, orders(&drafts)).await;
    let all = Filter::default();
    let answer = stage.dashboard.top_products(&all, Read::Cached).await;
    let rows = answer.expect("products").data;
    let ids: Vec<_> = rows.iter().map(|row| row.product_id.as_str()).collect();
    assert_eq!(ids, ["PROD_5", "PROD_2", "PROD_3", "PROD_4", "PROD_1"]);
}

#[tokio::test]
async fn a_filtered_answer_is_cached_under_a_name_of_its_own() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    let dashboard = &stage.dashboard;
    let filter = Filter {
        region: "North".to_owned(),
        category: "footwear".to_owned(),
    };
    for source in [Source::Database, Source::Cache] {
        let answer = dashboard.category_revenue(&filter, Read::Cached).await;
        let answer = answer.expect("categories");
        assert_eq!((answer.data.len(), answer.source), (1, source));
        let recent = dashboard.recent_orders(&filter, Read::Cached).await;
        assert_eq!(recent.expect("recent orders").source, source);
        let days = dashboard.daily_orders(&filter, Read::Cached).await;
        assert_eq!(days.expect("days").source, source);
    }
    assert_eq!(stage.cache.get(&Panel::CategoryRevenue.into()).await, None);
    let key = Key::of(Panel::CategoryRevenue, &filter);
    assert!(stage.cache.get(&key).await.is_some());
    let all = Filter::default();
    let all = dashboard.category_revenue(&all, Read::Cached).await;
    assert_eq!(all.expect("categories").data.len(), 4);
}

#[tokio::test]
async fn the_cache_is_asked_before_the_store() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    for _ in 0..3 {
        let answer = stage
            .dashboard
            .category_revenue(&Filter::default(), Read::Cached)
            .await;
        assert_eq!(answer.expect("categories").data.len(), 4);
    }
    assert_eq!(stage.store.calls("by_category"), 1);
}

#[tokio::test]
async fn a_fresh_answer_goes_past_the_cache_and_into_it() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    let before = stage
        .dashboard
        .active_orders(&Filter::default(), Read::Cached)
        .await;
    let pending = before.expect("active orders").data.pending;
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").status("pending");
    stage.add(vec![order.order()]).await;

    let cached = stage
        .dashboard
        .active_orders(&Filter::default(), Read::Cached)
        .await;
    assert_eq!(cached.expect("active orders").data.pending, pending);
    let fresh = stage
        .dashboard
        .active_orders(&Filter::default(), Read::Fresh)
        .await;
    let fresh = fresh.expect("active orders");
    assert_eq!(
        (fresh.data.pending, fresh.source),
        (pending + 1, Source::Database)
    );
    let cached = stage
        .dashboard
        .active_orders(&Filter::default(), Read::Cached)
        .await;
    let cached = cached.expect("active orders");
    assert_eq!(
        (cached.data.pending, cached.source),
        (pending + 1, Source::Cache)
    );
}

#[tokio::test]
async fn rows_that_another_program_wrote_are_computed_again() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    let first = stage
        .dashboard
        .category_revenue(&Filter::default(), Read::Cached)
        .await;
    let first = first.expect("categories");
    let entry = stage.cache.get(&Panel::CategoryRevenue.into()).await;
    let Entry { rows, meta } = entry.expect("an entry");
    let other = rows.replace("accessories", "bicycles");
    assert_ne!(other, rows);
    for rows in [other, String::new(), "null".to_owned(), "[{}]".to_owned()] {
        let meta = meta.clone();
        stage
            .cache
            .put(&Panel::CategoryRevenue.into(), Entry { rows, meta })
            .await;
        let again = stage
            .dashboard
            .category_revenue(&Filter::default(), Read::Cached)
            .await;
        let again = again.expect("categories");
        assert_eq!(
            (again.data, again.source),
            (first.data.clone(), Source::Database)
        );
    }
}

#[tokio::test]
async fn statuses_are_known_without_regard_to_case_or_named() {
    let words = [
        ("returned", 50),
        ("Returned", 60),
        ("cancelled", 70),
        ("refunded", 80),
        ("Pending", 5),
    ];
    let drafts = words.map(|(word, dollars)| {
        let draft = Draft::at(word, "2026-11-22T10:00:00Z").status(word);
        draft.total(f64::from(dollars))
    });
    let stage = Stage::open("UTC", lesson::NOW, orders(&drafts)).await;
    let (dashboard, all) = (&stage.dashboard, Filter::default());
    let today = dashboard.today(&all, Read::Cached).await.expect("today");
    assert_eq!(today.data.today.orders, 5);
    assert_eq!(today.data.today.revenue_cents, Cents(15_500));
    let active = dashboard.active_orders(&all, Read::Cached).await;
    assert_eq!(active.expect("active orders").data.pending, 1);
    let status = dashboard.status().await;
    let unknown = status.unknown_statuses.iter();
    let unknown: Vec<_> = unknown
        .map(|unknown| (unknown.status.as_str(), unknown.orders))
        .collect();
    assert_eq!(unknown, [("cancelled", 1), ("refunded", 1)]);
}

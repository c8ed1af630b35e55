//! Rows as other programs read them: the text itself is the contract.

use app::model::{CategoryRevenue, Cents, DailyOrders, Filter, Panel, RegionRevenue};
use server::cache::{Key, Rows};

use super::entries::keys;

fn category(category: &str, cents: i64, orders: u64) -> CategoryRevenue {
    CategoryRevenue::new(category.to_owned(), Cents(cents), orders)
}

#[test]
fn revenue_by_category_and_region() {
    let rows = vec![
        category("footwear", 123_450, 7),
        category("größer \"x\"", 100, 3),
    ];
    assert_eq!(
        rows.to_rows().expect("rows"),
        r#"[{"_id":"footwear","revenue":1234.5,"orders":7,"avg_order":176.36},{"_id":"größer \"x\"","revenue":1.0,"orders":3,"avg_order":0.33}]"#
    );
    let regions = vec![RegionRevenue::new("North".to_owned(), Cents(123_450), 7)];
    assert_eq!(
        regions.to_rows().expect("rows"),
        r#"[{"_id":"North","revenue":1234.5,"orders":7,"avg_order":176.36}]"#
    );
    assert_eq!(Vec::<CategoryRevenue>::new().to_rows().expect("rows"), "[]");
}

#[test]
fn daily_order_count() {
    let day = |day: &str, orders, unfinished| DailyOrders {
        day: day.parse().expect("a day"),
        orders,
        unfinished,
    };
    let rows = vec![day("2026-11-22", 0, false), day("2026-11-23", 12, true)];
    assert_eq!(
        rows.to_rows().expect("rows"),
        r#"[{"_id":"2026-11-22","count":0},{"_id":"2026-11-23","count":12}]"#
    );
}

#[test]
fn names_and_lifetimes_are_those_that_others_rely_on() {
    let keys = keys();
    let names: Vec<_> = keys
        .iter()
        .map(|key| (key.name(), key.time_to_live().as_secs()))
        .collect();
    assert_eq!(
        names,
        [
            ("dashboard:today", 60),
            ("dashboard:active_orders", 60),
            ("dashboard:returns", 60),
            ("dashboard:hourly_orders", 60),
            ("dashboard:daily_order_count", 60),
            ("dashboard:category_revenue", 300),
            ("dashboard:region_revenue", 300),
            ("dashboard:top_products", 60),
            ("dashboard:recent_orders", 60),
            ("dashboard:watermark", 60),
            ("dashboard:today?region=N%C3%B6rdlich%3F%26", 60),
        ]
    );
}

#[test]
fn filtered_answers_have_names_of_their_own() {
    let filter = Filter {
        region: "North".to_owned(),
        category: "footwear & more".to_owned(),
    };
    let key = Key::of(Panel::CategoryRevenue, &filter);
    let name = "dashboard:category_revenue?region=North&category=footwear%20%26%20more";
    assert_eq!(key.name(), name);
    assert_eq!(key.meta_name(), format!("{{{name}}}:meta"));
    assert_eq!(key.time_to_live().as_secs(), 300);
}

//! What a filter leaves: every field of it, on every read.

use app::model::{Filter, OrderFilter};
use chrono::TimeDelta;
use server::calendar::UtcWindow;
use server::store::{OrderStore, StatusRules};

use crate::support::agreement::{agreed_on_figures, agreed_on_list};
use crate::support::draft::{Draft, orders};
use crate::support::random;
use crate::support::time::{at, calendar, days, ever};

const NOW: &str = "2026-11-22T10:37:21.500Z";

fn filter(region: &str, category: &str) -> Filter {
    Filter {
        region: region.to_owned(),
        category: category.to_owned(),
    }
}

pub async fn figures_are_those_of_the_region_and_the_category(store: &dyn OrderStore) {
    let now = at(NOW);
    let orders = random::orders(3_000, 5, now);
    store.upsert(orders.clone()).await.expect("an upsert");
    let mut windows = days(calendar("Europe/Berlin"), 7, now);
    windows.push(UtcWindow::last_days(30, now));
    for (region, category) in [
        ("North", ""),
        ("", "footwear"),
        ("North", "footwear"),
        ("nord", ""),
        ("", "Zubehör"),
    ] {
        let filter = filter(region, category);
        agreed_on_figures(store, &orders, &StatusRules::default(), &filter, &windows).await;
    }
}

pub async fn a_list_is_that_of_every_field(store: &dyn OrderStore) {
    let orders = random::orders(2_000, 6, at(NOW));
    store.upsert(orders.clone()).await.expect("an upsert");
    let all = OrderFilter::default();
    for filter in [
        OrderFilter {
            filter: filter("North", "apparel"),
            ..all.clone()
        },
        OrderFilter {
            product_id: "PROD_007".to_owned(),
            ..all.clone()
        },
        OrderFilter {
            customer_id: "CUST_0003".to_owned(),
            ..all.clone()
        },
        OrderFilter {
            status: "lost".to_owned(),
            ..all.clone()
        },
        OrderFilter {
            id_start: "ORD_0001".to_owned(),
            ..all.clone()
        },
        OrderFilter {
            filter: filter("South", ""),
            product_id: "PROD_011".to_owned(),
            customer_id: "CUST_0001".to_owned(),
            status: "delivered".to_owned(),
            id_start: "ORD_0".to_owned(),
        },
        OrderFilter {
            customer_id: "nobody".to_owned(),
            ..all
        },
    ] {
        agreed_on_list(store, &orders, &filter).await;
    }
}

pub async fn a_filter_is_text_and_nothing_else(store: &dyn OrderStore) {
    let texts = [
        "$status",
        "$$ROOT",
        "%",
        "_",
        "a.*",
        "' OR '1'='1",
        "North\0",
        "größer",
        "👟",
        "{}",
    ];
    let drafts: Vec<_> = texts
        .iter()
        .map(|text| {
            let draft = Draft::at(text, NOW).category(text).product(text);
            Draft {
                region: (*text).to_owned(),
                customer_id: (*text).to_owned(),
                ..draft.status(text)
            }
        })
        .collect();
    let orders = orders(&drafts);
    store.upsert(orders.clone()).await.expect("an upsert");
    for text in texts {
        let narrow = filter(text, text);
        agreed_on_figures(store, &orders, &StatusRules::default(), &narrow, &[ever()]).await;
        let list = OrderFilter {
            filter: narrow,
            product_id: text.to_owned(),
            customer_id: text.to_owned(),
            status: text.to_owned(),
            id_start: text.to_owned(),
        };
        agreed_on_list(store, &orders, &list).await;
        let found = store.orders(&list, None, 9).await.expect("orders");
        assert_eq!(found.len(), 1, "{text}");
    }
}

pub async fn ids_that_start_alike_are_found(store: &dyn OrderStore) {
    let ids = [
        "ORD_1",
        "ORD_10",
        "ORD_2",
        "ORD",
        "ord_1",
        "ORD_1\u{20ac}",
        "ORD_1\0",
    ];
    let start = at(NOW);
    let drafts = ids.iter().zip(0..).map(|(id, number)| {
        let created_at = start + TimeDelta::seconds(number);
        Draft::new(id, created_at).order()
    });
    let orders: Vec<_> = drafts.collect();
    store.upsert(orders.clone()).await.expect("an upsert");
    for id_start in ["ORD_1", "ORD", "O", "ORD_1\u{20ac}", "x", "\u{10ffff}"] {
        let filter = OrderFilter {
            id_start: id_start.to_owned(),
            ..OrderFilter::default()
        };
        agreed_on_list(store, &orders, &filter).await;
    }
}

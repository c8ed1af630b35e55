//! Text that other programs write, known or not.

use server::store::{Dimension, OrderStore};

use crate::support::agreement::{drained, filled_and_agreed};
use crate::support::draft::{Draft, orders};
use crate::support::reads::{active, by, totals};
use crate::support::time::ever;

const NOON: &str = "2026-11-22T12:00:00Z";

pub async fn an_unknown_category_is_shown_as_it_is(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("ORD_1", NOON).category("garden gnomes"),
        Draft::at("ORD_2", NOON),
    ];
    filled_and_agreed(store, &orders(&drafts), ever(), &[]).await;
    let groups = by(store, Dimension::Category, ever()).await;
    assert!(groups.iter().any(|group| group.value == "garden gnomes"));
}

pub async fn an_unknown_status_is_neither_returned_nor_active(store: &dyn OrderStore) {
    let drafts = ["lost", "return", "pending\0", "shipped ", ""]
        .map(|status| Draft::at(&format!("ORD_{status}"), NOON).status(status));
    filled_and_agreed(store, &orders(&drafts), ever(), &[ever()]).await;
    let active = active(store).await;
    assert_eq!((active.pending, active.shipped), (0, 0));
    let totals = totals(store, &[ever()]).await[0];
    assert_eq!((totals.returned, totals.revenue_cents.0), (0, 5_000));
}

pub async fn labels_may_be_empty(store: &dyn OrderStore) {
    let draft = Draft::at("ORD_1", NOON).category("").product("").status("");
    filled_and_agreed(store, &[draft.order()], ever(), &[ever()]).await;
    for dimension in [Dimension::Category, Dimension::Product, Dimension::Status] {
        let groups = by(store, dimension, ever()).await;
        assert_eq!((groups.len(), groups[0].value.as_str()), (1, ""));
    }
}

pub async fn any_text_is_kept(store: &dyn OrderStore) {
    let texts = [
        "Schuhe für Mädchen",
        "鞋子",
        "👟🏽",
        "e\u{301}",
        "é",
        "\u{202e}right to left",
        "'; DROP TABLE orders; --",
        "\"quoted\" \\ and \\\" more",
        "$where",
        "a.b",
        "%_*?",
        "line\nend\r\n\ttab",
        "zero\0within",
        "zero\0",
        " ",
        "null",
    ];
    let drafts: Vec<_> = texts
        .iter()
        .map(|text| {
            let draft = Draft::at(text, NOON).category(text);
            draft.product(text).status(text)
        })
        .collect();
    filled_and_agreed(store, &orders(&drafts), ever(), &[ever()]).await;
}

pub async fn huge_text_is_kept(store: &dyn OrderStore) {
    let mut draft = Draft::at("ORD_1", NOON);
    draft.region = "north by ".repeat(300_000);
    let small = Draft::at("ORD_2", NOON);
    let orders = orders([&draft, &small]);
    filled_and_agreed(store, &orders, ever(), &[ever()]).await;
    let lengths: Vec<_> = drained(store, ever())
        .await
        .iter()
        .map(String::len)
        .collect();
    assert!(lengths[0] > 2_000_000 && lengths[1] < 1_000, "{lengths:?}");
}

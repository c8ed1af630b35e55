//! What all pipelines have in common.

use super::*;

const SPAN: Span = Span {
    from: 1_000,
    to: 2_000,
};

#[test]
fn metrics_begin_with_what_an_index_answers() {
    let window = doc! { "created_at": { "$gte": date(1_000), "$lt": date(2_000) } };
    let backwards = Span { from: 9, to: 0 };
    for pipeline in [
        category_revenue(SPAN),
        top_products(SPAN),
        order_counts(&[SPAN]),
        figures(&[SPAN, backwards]),
    ] {
        assert_eq!(pipeline[0], doc! { "$match": window.clone() });
    }
    let status = active_orders()[0].to_string();
    assert!(status.contains("status"), "{status}");
    for pipeline in [recent_orders(5), oldest_since(0)] {
        assert!(pipeline[1].contains_key("$sort"), "{pipeline:?}");
    }
}

#[test]
fn windows_that_lie_apart_are_filtered_each_on_its_own() {
    let later = Span {
        from: 5_000,
        to: 6_000,
    };
    let expected = doc! { "$match": { "$or": [within(SPAN), within(later)] } };
    for pipeline in [order_counts(&[later, SPAN]), figures(&[later, SPAN])] {
        assert_eq!(pipeline[0], expected);
    }
}

#[test]
fn stages_and_operators_are_those_of_every_server() {
    let all = [
        category_revenue(SPAN),
        top_products(SPAN),
        order_counts(&[SPAN]),
        figures(&[SPAN]),
        active_orders(),
        recent_orders(5),
        oldest_since(0),
        unreadable(),
        duplicates(),
        before(0),
    ];
    let text = format!("{all:?}");
    for operator in [
        "$round",
        "$dateTrunc",
        "$unionWith",
        "$setWindowFields",
        "$expr",
    ] {
        assert!(!text.contains(operator), "{operator}");
    }
}

#[test]
fn the_bound_in_dollars_lets_every_amount_pass_and_fits_as_cents() {
    assert!(most_dollars() >= MAX_ORDER_CENTS as f64 / 100.0);
    assert!(most_dollars() * 100.0 < i64::MAX as f64);
}

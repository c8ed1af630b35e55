//! What all pipelines have in common.

use super::*;
use crate::store::mongo::ranges::EVER;

mod eager;

const SPAN: Span = Span {
    from: 1_000,
    to: 2_000,
};

fn all() -> Conditions {
    Conditions::default()
}

#[test]
fn metrics_begin_with_what_an_index_answers() {
    let rules = StatusRules::default();
    let backwards = Span { from: 9, to: 0 };
    for pipeline in [
        by(&rules, Dimension::Category, all(), SPAN),
        by(&rules, Dimension::Product, all(), SPAN),
        totals(&rules, all(), &[SPAN]),
        totals(&rules, all(), &[SPAN, backwards]),
    ] {
        assert_eq!(pipeline[0], doc! { "$match": within(SPAN) });
    }
    let status = active(all(), 0)[0].to_string();
    assert!(status.contains("status"), "{status}");
    for pipeline in [orders(all(), EVER, None, 5), oldest(EVER)] {
        assert!(pipeline[1].contains_key("$sort"), "{pipeline:?}");
    }
}

#[test]
fn windows_that_lie_apart_are_matched_each_on_its_own() {
    let later = Span {
        from: 5_000,
        to: 6_000,
    };
    let pipeline = totals(&StatusRules::default(), all(), &[later, SPAN]);
    let expected = doc! { "$match": { "$or": [within(SPAN), within(later)] } };
    assert_eq!(pipeline[0], expected);
}

#[test]
fn stages_and_operators_are_those_of_every_server() {
    let rules = StatusRules::default();
    let position = Position {
        created_at: chrono::DateTime::UNIX_EPOCH,
        order_id: OrderId::Text("ORD_1".to_owned()),
    };
    let all = [
        by(&rules, Dimension::Product, all(), SPAN),
        totals(&rules, all(), &[SPAN]),
        active(all(), 0),
        orders(all(), EVER, Some(&position), 5),
        oldest(EVER),
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
        "$regex",
    ] {
        assert!(!text.contains(operator), "{operator}");
    }
}

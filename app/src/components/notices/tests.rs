use super::*;
use crate::components::month_guard::tests::october;

fn shown(status: Option<Status>, guard: Vec<MonthGuard>) -> String {
    Owner::new().with(|| {
        provide_context(Rendering::test("2026-10-30T10:30:00Z"));
        view! { <Notices status guard /> }.to_html()
    })
}

fn html(unreadable: u64, demonstration: bool, errors: [Option<&str>; 2]) -> String {
    let away = errors.map(|error| error.map(|error| (Trouble::Away, error)));
    troubled(unreadable, demonstration, away)
}

fn troubled(
    unreadable: u64,
    demonstration: bool,
    troubles: [Option<(Trouble, &str)>; 2],
) -> String {
    let source = |role, name: &str, trouble: Option<(Trouble, &str)>| SourceState {
        role,
        name: name.to_owned(),
        latency_ms: None,
        error: trouble.map(|(_, error)| error.to_owned()),
        trouble: trouble.map(|(trouble, _)| trouble),
    };
    let status = Status {
        now: Timestamp::parse("2026-11-23T10:30:00Z").expect("a time"),
        time_zone: "UTC".to_owned(),
        demonstration,
        unreadable: Some(unreadable),
        duplicates: Some(unreadable / 2),
        unknown_statuses: Vec::new(),
        sources: vec![
            source(SourceRole::Orders, "MongoDB", troubles[0]),
            source(SourceRole::Cache, "Redis", troubles[1]),
        ],
        order_source: None,
    };
    shown(Some(status), Vec::new())
}

#[test]
fn a_month_about_to_be_lost_is_said_whatever_else_is_known() {
    let html = shown(None, vec![october(true), october(false)]);
    assert_eq!(html.matches("<li").count(), 1, "{html}");
    assert!(!html.contains(" hidden"), "{html}");
    for text in [
        "#i-warning",
        "October 2026 is not archived.",
        "Archive it by 5 Nov 00:00 or lose its oldest orders",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[test]
fn many_months_are_one_notice() {
    let months = (1..=4).map(|number| MonthGuard {
        month: crate::model::Month::new(2026, number).expect("a month"),
        ..october(true)
    });
    let html = shown(None, months.rev().collect());
    assert_eq!(html.matches("<li").count(), 1, "{html}");
    let text = "4 months from January 2026 to April 2026 are not archived.";
    assert!(html.contains(text), "{html}");
}

#[test]
fn nothing_to_say_is_hidden() {
    let html = html(0, false, [None, None]);
    assert!(html.contains("hidden") && !html.contains("<li"), "{html}");
}

#[test]
fn each_circumstance_is_said() {
    let shown = html(12, true, [None, Some("timed out")]);
    for text in [
        "12 orders could not be read.",
        "6 orders are there more than once.",
        "Demonstration data.",
        "Redis does not answer.",
        "straight from MongoDB",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(html(1, false, [None, None]).contains("1 order could"));
}

#[test]
fn where_somebody_has_to_act_it_is_said_what_to_do() {
    let refused = Some((Trouble::Refused, "MongoDB cannot be used: check authSource"));
    let shown = troubled(0, false, [refused, None]);
    for text in [
        "<strong>MongoDB cannot be used: check authSource.</strong>",
        "last known figures",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(!shown.contains("heals by itself"), "{shown}");
    for (trouble, text) in [
        (Trouble::Refused, "Redis cannot be used: raise it."),
        (
            Trouble::Unwritable,
            "Redis does not keep answers: raise it.",
        ),
    ] {
        let shown = troubled(0, false, [None, Some((trouble, "raise it"))]);
        assert!(shown.contains(text), "{text}: {shown}");
        assert!(shown.contains("straight from MongoDB"), "{shown}");
    }
    let shown = html(0, false, [Some("timed out"), None]);
    assert!(shown.contains("MongoDB does not answer."), "{shown}");
    assert!(shown.contains("It heals by itself."), "{shown}");
}

#[test]
fn without_orders_nothing_comes_straight_from_them() {
    let shown = html(0, false, [Some("refused"), Some("refused")]);
    assert!(shown.contains("last known figures"), "{shown}");
    assert!(!shown.contains("straight from"), "{shown}");
}

use app::model::Cents;

use super::*;

fn order(line: &str) -> Order {
    Order::from_json(line).expect("an order")
}

fn message(line: &str) -> String {
    Order::from_json(line)
        .expect_err("not an order")
        .to_string()
}

/// An order with one more member.
fn with(member: &str) -> String {
    format!(r#"{{"order_id":"A","created_at":"2026-11-07T18:37:21Z","total":1,{member}}}"#)
}

#[test]
fn a_line_of_the_lesson_is_an_order() {
    let line = r#"{"order_id": "ORD_00001", "customer_id": "CUST_0039", "unit_price": 295.3, "product_id": "PROD_019", "category": "accessories", "quantity": 3, "total": 885.9, "status": "delivered", "created_at": "2026-11-07 18:37:21"}"#;
    let order = order(line);
    assert_eq!(order.order_id, OrderId::Text("ORD_00001".to_owned()));
    assert_eq!(rfc3339(order.created_at), "2026-11-07T18:37:21Z");
    assert_eq!(order.status, "delivered");
    assert_eq!(order.category, "accessories");
    assert_eq!(order.product_id, "PROD_019");
    assert_eq!(order.quantity, 3);
    assert_eq!(order.total, Cents(88_590));
    assert_eq!(
        order.document,
        r#"{"order_id":"ORD_00001","customer_id":"CUST_0039","unit_price":295.3,"product_id":"PROD_019","category":"accessories","quantity":3,"total":885.9,"status":"delivered","created_at":"2026-11-07T18:37:21Z"}"#
    );
}

#[test]
fn relaxed_and_canonical_exports_are_the_same_order() {
    let relaxed = order(
        r#"{"_id":{"$oid":"6565"},"order_id":"A","created_at":{"$date":"2026-11-07T18:37:21.5Z"},"quantity":2,"total":12.5}"#,
    );
    let canonical = order(
        r#"{"_id":{"$oid":"6565"},"order_id":"A","created_at":{"$date":{"$numberLong":"1794076641500"}},"quantity":{"$numberInt":"2"},"total":{"$numberDouble":"12.5"}}"#,
    );
    assert_eq!(
        relaxed.document,
        r#"{"order_id":"A","created_at":"2026-11-07T18:37:21.500Z","quantity":2,"total":12.5}"#
    );
    assert_eq!(canonical, relaxed);
}

#[test]
fn an_archived_line_parses_to_itself() {
    let first = order(&with(
        r#""_id":1,"note":"a\u00e9\n\"","nested":{"_id": 7, "b":[1.50,1e5]},"big":12345678901234567890123"#,
    ));
    assert_eq!(order(&first.document), first);
    assert!(first.document.ends_with(
        r#","note":"aé\n\"","nested":{"_id":7,"b":[1.5,100000.0]},"big":12345678901234567890123}"#
    ));
}

#[test]
fn optional_fields_may_be_missing_or_of_any_type() {
    let bare = order(r#"{"total":1,"created_at":"2026-11-07T18:37:21Z","order_id":"A"}"#);
    assert_eq!((bare.status.as_str(), bare.quantity), ("", 0));
    let strange = order(&with(
        r#""status":null,"category":{"a": 1},"product_id":19,"quantity":null"#,
    ));
    assert_eq!(strange.status, "");
    assert_eq!(strange.category, r#"{"a":1}"#);
    assert_eq!(strange.product_id, "19");
    assert_eq!(strange.quantity, 0);
}

#[test]
fn what_is_readable_is_decided_by_type_and_value() {
    let line = |field: &str, json: &str| {
        let mut values = [
            ("order_id", "1"),
            ("created_at", r#""2026-11-07 18:37:21""#),
            ("total", "1"),
            ("quantity", "1"),
        ];
        for value in values.iter_mut().filter(|(name, _)| *name == field) {
            value.1 = json;
        }
        let members = values.map(|(name, json)| format!("\"{name}\":{json}"));
        Order::from_json(&format!("{{{}}}", members.join(",")))
    };
    for (field, json) in [
        ("total", r#"{"$numberDecimal":"39.495"}"#),
        ("total", "1000000000000"),
        ("total", "-1e12"),
        ("quantity", "2.5"),
        ("quantity", "1e300"),
        ("quantity", "null"),
        ("quantity", r#"{"$undefined":true}"#),
        ("order_id", "1001.0"),
        ("order_id", r#"{"$oid":"65a000000000000000000001"}"#),
        ("order_id", r#"{"$numberLong":"9223372036854775807"}"#),
        ("order_id", r#"{"$symbol":"A"}"#),
    ] {
        assert!(line(field, json).is_ok(), "{field} {json}");
    }
    for (field, json) in [
        ("total", r#""1""#),
        ("total", r#"{"$numberDouble":"NaN"}"#),
        ("total", r#"{"$numberDecimal":"Infinity"}"#),
        ("total", "1000000000000.01"),
        ("total", "true"),
        ("total", "[1]"),
        ("quantity", r#""1""#),
        ("quantity", r#"{"$numberDouble":"-Infinity"}"#),
        ("quantity", r#"{"$numberDecimal":"1E+400"}"#),
        ("quantity", "[]"),
        ("order_id", "1.5"),
        ("order_id", "true"),
        ("order_id", "null"),
    ] {
        assert!(line(field, json).is_err(), "{field} {json}");
    }
}

#[test]
fn messages_name_the_field_and_what_was_expected() {
    for (line, expected) in [
        ("", "expected a JSON object, found "),
        ("[1]", "expected a JSON object, found [1]"),
        ("null", "expected a JSON object, found null"),
        ("\u{feff}{}", "expected a JSON object, found \u{feff}{}"),
        (
            "{}",
            "order_id is missing: expected a text of 1 to 200 bytes, a whole number of 64 bits or an ObjectId",
        ),
        (
            r#"{"order_id":7.5}"#,
            "order_id: expected a text of 1 to 200 bytes, a whole number of 64 bits or an ObjectId, found 7.5",
        ),
        (
            r#"{"order_id":""}"#,
            "order_id: expected a text of 1 to 200 bytes, a whole number of 64 bits or an ObjectId, found \"\"",
        ),
        (
            r#"{"order_id":"A","created_at":"soon"}"#,
            "created_at: expected a time of the years 1970 to 9999 like 2026-11-07T18:37:21Z, found \"soon\"",
        ),
        (
            r#"{"order_id":"A","created_at":"2026-11-07T18:37:21Z","total":null}"#,
            "total is missing: expected a number of dollars, up to a trillion",
        ),
        (
            r#"{"order_id":"A","created_at":"2026-11-07T18:37:21Z","total":"12.50"}"#,
            "total: expected a number of dollars, up to a trillion, found \"12.50\"",
        ),
        (
            &with(r#""quantity":"1""#),
            "quantity: expected a number, found \"1\"",
        ),
        (&with(r#""total":2"#), "total is given twice"),
        (&with(r#""\u0074otal":2"#), "total is given twice"),
    ] {
        assert_eq!(message(line), expected, "{line}");
    }
    assert!(message("{\"order_id\":\"A\"").starts_with("not valid JSON: "));
    assert!(message(&with("\"a\":1}{")).starts_with("not valid JSON: "));
}

#[test]
fn messages_quote_little_of_a_long_value() {
    let long = "é".repeat(500_000);
    for line in [
        format!("\"{long}\""),
        format!("{{\"order_id\":\"{long}\"}}"),
        with(&format!("\"{long}\":1,\"{long}\":1")),
        with(&format!("\"{long}\":\"\\ud800\"")),
    ] {
        let message = message(&line);
        assert!(message.chars().count() < 160, "{message}");
    }
}

#[test]
fn long_text_is_kept() {
    let long = "é".repeat(500_000);
    let order = order(&with(&format!("\"note\":\"{long}\"")));
    assert!(order.document.contains(&long));
}

#[test]
fn the_longest_id_has_200_bytes() {
    let line = |length| {
        format!(
            r#"{{"order_id":"{}","created_at":"2026-11-07T18:37:21Z","total":1}}"#,
            "x".repeat(length)
        )
    };
    assert!(Order::from_json(&line(200)).is_ok());
    assert!(Order::from_json(&line(201)).is_err());
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| {
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            with(&format!("\"note\":{open}1{close}"))
        };
        assert!(Order::from_json(&nested(100)).is_ok());
        assert!(message(&nested(150_000)).starts_with("note cannot be stored: recursion limit"));
        let status = nested(150_000).replace("note", "status");
        assert!(Order::from_json(&status).is_err());
        assert!(Order::from_json(&open.repeat(300_000)).is_err());
    }
}

#[test]
fn json_that_not_every_store_can_keep_is_refused() {
    for member in [
        r#""note":"\ud800""#,
        r#""note":["\udc00"]"#,
        r#""note":{"a\u0000b":1}"#,
        r#""a\u0000b":1"#,
        r#""note":1e999"#,
    ] {
        assert!(
            message(&with(member)).contains("cannot be stored"),
            "{member}"
        );
    }
    assert!(message(&with(r#""\ud800":1"#)).starts_with("not valid JSON"));
    assert!(Order::from_json(&with(r#""note":"\ud83d\ude00""#)).is_ok());
    assert!(Order::from_json(&with(r#""note":"\u0000""#)).is_ok());
}

#[test]
fn an_order_spread_over_lines_becomes_one_line() {
    let pretty = "{\r\n \"order_id\": \"A\",\n \"created_at\": \"2026-11-07 18:37:21\",\n \"total\": 1,\n \"tags\": [\n  1,\r\n  2\n ]\n}\n";
    let order = order(pretty);
    assert!(!order.document.contains(['\n', '\r']), "{}", order.document);
    assert_eq!(Order::from_json(&order.document).expect("an order"), order);
}

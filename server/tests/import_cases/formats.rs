//! Every format that orders come in, and every way to write a time or a number.

use app::model::Cents;
use serde_json::Value;
use server::order::rfc3339;
use server::store::OrderStore;
use server::store::sqlite::SqliteStore;

use crate::{LESSON, at, gzip, lines, load, outcome, revenue, store, totals, window};

/// The documents in the store, by time.
async fn documents(store: &SqliteStore) -> Vec<String> {
    lines(store.documents(window()).await.expect("a stream")).await
}

/// The lesson's orders as a JSON array, each after `before`.
fn array(before: &str) -> String {
    let orders: Vec<String> = LESSON
        .lines()
        .map(|line| format!("{before}{line}"))
        .collect();
    format!("[{}]", orders.join(","))
}

fn pretty() -> String {
    let orders: Vec<Value> = LESSON
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    serde_json::to_string_pretty(&orders).expect("JSON")
}

/// The lesson's orders as CSV, with a column that no order has.
fn csv() -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = [
        "order_id",
        "region",
        "customer_id",
        "unit_price",
        "product_id",
        "category",
        "quantity",
        "total",
        "status",
        "created_at",
    ];
    writer.write_record(columns).expect("a row");
    for line in LESSON.lines() {
        let order: Value = serde_json::from_str(line).expect("JSON");
        let cell = |column: &str| match &order[column] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        writer.write_record(columns.map(cell)).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("CSV")).expect("UTF-8")
}

#[tokio::test]
async fn every_format_gives_the_same_figures() {
    let (first, _folder) = store().await;
    load(&first, LESSON).await;
    let expected = revenue(&first).await;
    for (format, file) in [
        ("array on one line", array("")),
        ("array, one order a line", array("\n")),
        ("pretty array", pretty()),
        (
            "array after a byte order mark",
            format!("\u{feff} \r\n{}\n", array(" ")),
        ),
        ("CSV", csv()),
        ("CSV after a byte order mark", format!("\u{feff}{}", csv())),
        ("CSV with CRLF", csv().replace('\n', "\r\n")),
    ] {
        for file in [file.clone().into_bytes(), gzip(file.as_bytes())] {
            let (store, _folder) = store().await;
            let report = load(&store, file).await;
            assert_eq!((report.loaded, report.bad), (500, 0), "{format}");
            assert_eq!(revenue(&store).await, expected, "{format}");
        }
    }
}

#[tokio::test]
async fn gzip_may_have_several_members() {
    let (store, _folder) = store().await;
    let (first, second) = LESSON.split_at(LESSON.len() / 2);
    let packed = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    assert_eq!(load(&store, packed).await.loaded, 500);
}

#[tokio::test]
async fn orders_that_an_array_holds_beside_others_are_numbered() {
    let (store, _folder) = store().await;
    let orders: Vec<&str> = LESSON.lines().take(2).collect();
    let file = format!(
        "[{},7,{{\"order_id\":\"A\"}},{},[[]]]",
        orders[0], orders[1]
    );
    let (loaded, bad, early) = outcome(&store, file).await;
    assert_eq!((loaded, early.as_str()), (2, ""));
    assert_eq!(bad[0], "order 2: expected a JSON object, found 7");
    assert!(
        bad[1].starts_with("order 3: created_at is missing"),
        "{bad:?}"
    );
    assert_eq!(bad[2], "order 5: expected a JSON object, found [[]]");
    assert_eq!(bad.len(), 3);
}

#[tokio::test]
async fn a_csv_column_is_typed_by_its_name() {
    let (store, _folder) = store().await;
    let file = "total,order_id,note,quantity,created_at,product_name\r\n\
                12.50,1001,\"5\",2,2026-11-07 18:37:21.5+00,\"Tee, \"\"red\"\"\r\nL\"\r\n\
                1e1,A2,,,2026-11-08 18:37:21 UTC,7\r\n";
    assert_eq!(load(&store, file).await.loaded, 2);
    assert_eq!(
        documents(&store).await,
        [
            r#"{"total":12.5,"order_id":"1001","note":"5","quantity":2,"created_at":"2026-11-07T18:37:21.500Z","product_name":"Tee, \"red\"\r\nL"}"#,
            r#"{"total":10.0,"order_id":"A2","created_at":"2026-11-08T18:37:21Z","product_name":"7"}"#,
        ]
    );
}

#[tokio::test]
async fn times_are_taken_as_the_neighbours_write_them() {
    let (store, _folder) = store().await;
    let times = [
        r#""2026-11-07T18:37:21Z""#,
        r#""2026-11-07 18:37:21+00""#,
        r#""2026-11-07 18:37:21 UTC""#,
        r#""2026-11-07T18:37Z""#,
        r#"{"$date":1794076641000}"#,
        r#"{"$date":{"$numberLong":"1794076641000"}}"#,
    ];
    let orders = times.iter().enumerate().map(|(number, time)| {
        format!(r#"{{"order_id":"{number}","created_at":{time},"total":1}}"#)
    });
    let file = orders.collect::<Vec<_>>().join("\n");
    assert_eq!(load(&store, file).await.loaded, 6);
    let orders = documents(&store).await;
    let exact = orders.iter().filter(|order| order.contains("18:37:21Z"));
    assert_eq!((orders.len(), exact.count()), (6, 5));
    let oldest = store.oldest().await.expect("an answer").expect("an order");
    assert_eq!(rfc3339(oldest), rfc3339(at("2026-11-07T18:37:00Z")));
}

#[tokio::test]
async fn canonical_extended_json_is_archived_like_relaxed() {
    let (store, _folder) = store().await;
    let file = r#"{"_id":{"$oid":"65a000000000000000000001"},"order_id":"ORD_00001","unit_price":{"$numberDouble":"10.5"},"quantity":{"$numberInt":"2"},"total":{"$numberDouble":"21.0"},"status":"delivered","created_at":{"$date":{"$numberLong":"1794076641000"}},"items":[{"sku":{"$numberLong":"7"}, "price":{"$numberDecimal":"1.50"}}]}"#;
    load(&store, file).await;
    assert_eq!(
        documents(&store).await,
        [
            r#"{"order_id":"ORD_00001","unit_price":10.5,"quantity":2,"total":21.0,"status":"delivered","created_at":"2026-11-07T18:37:21Z","items":[{"sku":7,"price":1.5}]}"#
        ]
    );
}

#[tokio::test]
async fn ids_of_different_types_are_different_orders_and_texts_are_no_totals() {
    let (store, _folder) = store().await;
    let ids = [
        "1001",
        "1001.0",
        r#""1001""#,
        r#"{"$oid":"6b0c03e1775ca3ffb0dfb814"}"#,
        r#"{"$oid":"6B0C03E1775CA3FFB0DFB814"}"#,
        "-7",
        "10.5",
        "null",
    ];
    let order = |(id, total): (&str, &str)| {
        format!(
            r#"{{"order_id":{id},"created_at":"2026-11-07T18:37:21Z","quantity":2.5,"total":{total}}}"#
        )
    };
    let mut file: Vec<String> = ids.iter().map(|id| order((id, "39.495"))).collect();
    file.push(order((r#""text""#, r#""10.00""#)));
    let (loaded, bad, _) = outcome(&store, file.join("\n")).await;
    assert_eq!((loaded, bad.len()), (6, 3), "{bad:?}");
    let documents = documents(&store).await;
    let starts = documents
        .iter()
        .map(|line| line.split_once(",\"created").expect("a time").0);
    assert_eq!(
        starts.collect::<Vec<_>>(),
        [
            r#"{"order_id":-7"#,
            r#"{"order_id":1001.0"#,
            r#"{"order_id":"1001""#,
            r#"{"order_id":{"$oid":"6b0c03e1775ca3ffb0dfb814"}"#,
        ]
    );
    let window = [window()];
    let figures = totals(&store, &window).await[0];
    assert_eq!(
        (figures.orders, figures.revenue_cents),
        (4, Cents(4 * 3_950))
    );
}

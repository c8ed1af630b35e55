//! What is written, and what is read of it.

use mongodb::bson::raw::cstr;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, JavaScriptCodeWithScope, Regex, Timestamp, doc};

use super::*;
use crate::store::mongo::line;

fn written(document: &RawDocumentBuf) -> String {
    let mut lines = Vec::new();
    line::write_line(&mut lines, document).expect("a line");
    String::from_utf8(lines).expect("text")
}

fn stored(members: &str) -> Document {
    let line =
        format!(r#"{{"order_id":"A",{members}"created_at":"2026-11-07T18:37:21Z","total":1}}"#);
    let order = Order::from_json(&line).expect("an order");
    let raw = document(&order, None).expect("a document");
    assert_eq!(written(&raw), line, "not the same again");
    Document::try_from(raw).expect("a document")
}

#[test]
fn keys_keep_their_order_and_values_their_types() {
    let document = stored(r#""z":1,"a":[2.5,null,{"y":true,"x":"text"}],"n":-9007199254740993,"#);
    let keys: Vec<_> = document.keys().map(String::as_str).collect();
    assert_eq!(keys, ["order_id", "z", "a", "n", "created_at", "total"]);
    assert_eq!(document.get("z"), Some(&Bson::Int32(1)));
    assert_eq!(
        document.get("n"),
        Some(&Bson::Int64(-9_007_199_254_740_993))
    );
    let created_at = document.get_datetime("created_at").expect("a date");
    assert_eq!(created_at.timestamp_millis(), 1_794_076_641_000);
}

#[test]
fn extended_json_becomes_what_it_means_and_what_is_none_stays() {
    let document = stored(concat!(
        r#""id":{"$oid":"65650000aabbccddeeff0011"},"pattern":{"$regularExpression":"#,
        r#"{"pattern":"^a","options":"i"}},"odd":{"$oid":"no"},"more":{"$set":{"a":[1]}},"#
    ));
    assert!(document.get_object_id("id").is_ok());
    assert!(matches!(
        document.get("pattern"),
        Some(Bson::RegularExpression(_))
    ));
    assert_eq!(document.get_document("odd").expect("an object").len(), 1);
    assert!(document.get_document("more").is_ok());
}

#[test]
fn a_number_that_no_double_writes_is_a_decimal() {
    let document = stored(concat!(
        r#""plain":885.9,"large":1e+16,"zero":-0.0,"digits":0.1000000000000000000000000000000001,"#,
        r#""list":[12345678901234567890],"text":"1.10","#
    ));
    for key in ["plain", "large", "zero"] {
        assert!(document.get_f64(key).is_ok(), "{key}");
    }
    assert!(document.get_decimal128("digits").is_ok());
    let list = document.get_array("list").expect("a list");
    assert!(matches!(list[..], [Bson::Decimal128(_)]));
    assert_eq!(document.get_str("text").ok(), Some("1.10"));
}

#[test]
fn every_type_comes_back_as_the_same_line() {
    let decimal = |text: &str| Bson::from(text.parse::<Decimal128>().expect("a decimal"));
    let regex = Regex {
        pattern: cstr!("^a\\.").into(),
        options: cstr!("im").into(),
    };
    let scope = JavaScriptCodeWithScope {
        code: "x < y".to_owned(),
        scope: doc! { "x": decimal("1.50"), "at": DateTime::from_millis(1) },
    };
    let values: Vec<Bson> = vec![
        f64::NAN.into(),
        f64::INFINITY.into(),
        (-0.0).into(),
        1e300.into(),
        5e-324.into(),
        "\u{1}\"\\ü👟\0".into(),
        Bson::Array(vec![1.into(), Bson::Null]),
        doc! { "": 1, "_id": 2, "a.b": { "c": decimal("0.10") } }.into(),
        true.into(),
        Bson::Null,
        regex.into(),
        Bson::JavaScriptCode("x".to_owned()),
        scope.into(),
        i32::MIN.into(),
        i64::MAX.into(),
        Timestamp {
            time: u32::MAX,
            increment: 7,
        }
        .into(),
        ObjectId::from_bytes([0xab; 12]).into(),
        DateTime::from_millis(0).into(),
        DateTime::from_millis(-1).into(),
        DateTime::from_millis(i64::MAX).into(),
        Bson::Symbol("symbol".to_owned()),
        Bson::Undefined,
        Bson::MaxKey,
        Bson::MinKey,
    ];
    let binaries = [0, 1, 3, 4, 5, 0x80].map(|subtype| {
        let subtype = BinarySubtype::from(subtype);
        let bytes = vec![7; 16];
        Bson::from(Binary { subtype, bytes })
    });
    let decimals = [
        "NaN",
        "-Infinity",
        "0",
        "-0.00",
        "1E+2",
        "12.50",
        "1E+6000",
        "1E-6176",
        "1234567890123456789012345678901234",
        "-0.1000000000000000000000000000000001",
    ];
    for value in values
        .into_iter()
        .chain(binaries)
        .chain(decimals.map(decimal))
    {
        let first = doc! {
            "order_id": "A",
            "category": value.clone(),
            "created_at": DateTime::from_millis(0),
            "total": 1,
            "nested": [{ "value": value.clone() }],
        };
        let line = written(&RawDocumentBuf::try_from(&first).expect("BSON"));
        let order = Order::from_json(&line).expect(&line);
        assert_eq!(order.document, line, "{value:?}");
        let again = document(&order, None).expect("a document");
        assert_eq!(written(&again), line, "{value:?}");
        let label = line::label(again.get("category").expect("BSON"));
        assert_eq!(order.category, label, "{value:?}");
    }
}

#[test]
fn ids_keep_their_type() {
    for json in [
        "1001",
        r#""1001""#,
        r#"{"$oid":"65a000000000000000000001"}"#,
    ] {
        let line =
            format!(r#"{{"order_id":{json},"created_at":"2026-11-07T18:37:21Z","total":1}}"#);
        let order = Order::from_json(&line).expect("an order");
        let stored = Document::try_from(document(&order, None).expect("a document"));
        let stored = stored.expect("a document");
        let expected = match stored.get("order_id") {
            Some(Bson::Int32(number)) => Bson::Int64((*number).into()),
            other => other.expect("an id").clone(),
        };
        assert_eq!(id(&order.order_id), expected, "{json}");
    }
}

#[test]
fn an_id_is_the_documents_and_not_the_archives() {
    let line = r#"{"order_id":"A","created_at":"2026-11-07T18:37:21Z","total":1}"#;
    let order = Order::from_json(line).expect("an order");
    let raw = document(&order, Some("synthetic:A")).expect("a document");
    assert_eq!(raw.get_str("_id").expect("an id"), "synthetic:A");
    assert_eq!(written(&raw), line);
}

#[test]
fn an_order_beyond_what_a_server_takes_is_named() {
    let note = "x".repeat(MOST_BYTES);
    let line = format!(
        r#"{{"order_id":"A","created_at":"2026-11-07T18:37:21Z","total":1,"note":"{note}"}}"#
    );
    let order = Order::from_json(&line).expect("an order");
    let error = document(&order, None).expect_err("too large").to_string();
    assert!(error.contains("order A cannot be stored"), "{error}");
}

//! What is written, and what is read of it.

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
fn numbers_that_are_texts_are_decimals() {
    for (total, stored) in [
        (r#""12.50""#, "12.50"),
        (r#""1E+2""#, "1E+2"),
        (r#"{"$numberDecimal":"12.50"}"#, "12.50"),
        // More digits than a decimal has.
        (r#""12.340000000000000000000000000000000000001""#, "12.34"),
    ] {
        let line = format!(
            r#"{{"order_id":"A","price":"1.10","quantity":"3","created_at":"2026-11-07T18:37:21Z","total":{total}}}"#
        );
        let order = Order::from_json(&line).expect("an order");
        let raw = document(&order, None).expect("a document");
        let again = line.replace(total, &format!("\"{stored}\""));
        assert_eq!(written(&raw), again);
        let document = Document::try_from(raw).expect("a document");
        let total = document.get_decimal128("total").expect("a decimal");
        assert_eq!(total.to_string(), stored);
        assert!(document.get_decimal128("quantity").is_ok());
        // What is not calculated with stays a text.
        assert_eq!(document.get_str("price").ok(), Some("1.10"));
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

//! Documents, streamed from a task that owns the cursor.

use std::time::Duration;

use mongodb::Cursor;
use mongodb::bson::{RawBsonRef, RawDocument, RawDocumentBuf, doc};
use tokio::time::timeout;

use super::calls::{Calls, exact};
use super::errors::{STORE, failed, too_slow};
use super::{ORDERS, StoreError, line, ranges};
use crate::order::Order;
use crate::store::documents::{self, Documents, Gathered, OPERATION, Piece, Sender};
use crate::store::span::Span;

/// Documents that the server sends at once, 16 MB of them at most.
const FETCHED: u32 = 1_000;

/// The span's documents by time and id, readable or not.
///
/// A cursor is no snapshot: of what is written meanwhile it may show some. The task, and with it
/// the server's cursor, ends when the stream is dropped.
pub(super) async fn documents(calls: &Calls, span: Span) -> Result<Documents, StoreError> {
    let find = calls.run(OPERATION, move |database| async move {
        let orders = database.collection::<RawDocumentBuf>(ORDERS);
        orders
            .find(ranges::within(span))
            .sort(doc! { "created_at": 1, "order_id": 1 })
            .collation(exact())
            .allow_disk_use(true)
            .batch_size(FETCHED)
            .await
    });
    let cursor = find.await?;
    let (sender, receiver) = documents::channel();
    let reader = tokio::spawn(send_all(cursor, calls.limit, sender));
    Ok(documents::documents(STORE, receiver, reader))
}

/// Ends early when the stream was dropped.
async fn send_all(
    mut cursor: Cursor<RawDocumentBuf>,
    step: Duration,
    sender: Sender,
) -> Result<(), StoreError> {
    let mut gathered = Gathered::default();
    // What hangs is dropped, and its connection with it: nothing else is done with this cursor.
    while within(step, cursor.advance()).await? {
        if let Some(piece) = gather(&mut gathered, cursor.current())
            && sender.send(piece).await.is_err()
        {
            return Ok(());
        }
    }
    if let Some(piece) = gathered.rest() {
        let _ = sender.send(piece).await;
    }
    Ok(())
}

async fn within<T>(
    limit: Duration,
    step: impl Future<Output = Result<T, mongodb::error::Error>>,
) -> Result<T, StoreError> {
    match timeout(limit, step).await {
        Ok(done) => done.map_err(|error| failed(OPERATION, error)),
        Err(_) => Err(too_slow(OPERATION)),
    }
}

/// Adds the document's line, and gives the piece if that has filled it. One that is damaged inside
/// is there all the same, and does not keep the others out of the archive.
fn gather(gathered: &mut Gathered, document: &RawDocument) -> Option<Piece> {
    let start = gathered.lines.len();
    let written = match document.get("created_at") {
        Ok(Some(RawBsonRef::DateTime(_))) => line::write_line(&mut gathered.lines, document)
            .map(|()| is_readable(&gathered.lines[start..])),
        // An array that holds a date of the span is no time, and belongs to no window.
        Ok(_) => return None,
        Err(problem) => Err(problem),
    };
    let readable = written.unwrap_or_else(|problem| {
        tracing::warn!(%problem, "a document is damaged inside; look for damage on the server");
        gathered.lines.truncate(start);
        line::write_damaged(&mut gathered.lines, document);
        false
    });
    gathered.end_line(readable)
}

/// Whether the line can be imported. The metrics read the same documents.
fn is_readable(line: &[u8]) -> bool {
    str::from_utf8(line).is_ok_and(|line| Order::from_json(line).is_ok())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use mongodb::bson::raw::cstr;
    use mongodb::bson::spec::BinarySubtype;
    use mongodb::bson::{Binary, DateTime, Document, Regex, doc, rawdoc};

    use super::*;

    const NOON: DateTime = DateTime::from_millis(1_795_348_800_000);

    /// The line of the document when the bytes `mark` in it are others, between two whole ones.
    fn line(document: Document, mark: &[u8], damage: &[u8]) -> (String, Vec<u8>) {
        let whole = rawdoc! { "order_id": "A", "created_at": NOON, "total": 1 };
        let mut bytes = document.to_vec().expect("BSON");
        let places = bytes.windows(mark.len()).position(|bytes| bytes == mark);
        let place = places.expect("the mark");
        bytes[place..place + damage.len()].copy_from_slice(damage);
        let mut gathered = Gathered::default();
        for document in [
            &whole,
            RawDocument::from_bytes(&bytes).expect("a document"),
            &whole,
        ] {
            assert!(gather(&mut gathered, document).is_none());
        }
        let piece = gathered.rest().expect("lines");
        assert_eq!(piece.unreadable.len(), 1);
        let lines = String::from_utf8(piece.lines.to_vec()).expect("UTF-8");
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert_eq!((lines[0], lines[2]), (WHOLE, WHOLE));
        (lines[1].to_owned(), bytes)
    }

    const WHOLE: &str = r#"{"order_id":"A","created_at":"2026-11-22T12:00:00Z","total":1}"#;

    #[test]
    fn text_that_is_not_utf_8_is_replaced_wherever_it_is() {
        let document = doc! { "created_at": NOON, "a": { "b": ["x", ["MARK"]] }, "c": 1 };
        let (line, _) = line(document, b"MARK", b"\xff");
        let expected = "{\"created_at\":\"2026-11-22T12:00:00Z\",\"a\":{\"b\":[\"x\",[\"\u{fffd}ARK\"]]},\"c\":1}";
        assert_eq!(line, expected);
    }

    #[test]
    fn a_document_with_other_damage_is_there_with_all_its_bytes() {
        let regex = Regex {
            pattern: cstr!("MARK").into(),
            options: cstr!("i").into(),
        };
        let old = Binary {
            subtype: BinarySubtype::BinaryOld,
            bytes: b"MARK".to_vec(),
        };
        for (document, mark, damage) in [
            (doc! { "MARK": 1, "created_at": NOON }, &b"MARK"[..], 0xff),
            (doc! { "created_at": NOON, "list": [regex] }, b"MARK", 0xff),
            (
                doc! { "created_at": NOON, "old": old },
                b"\x04\0\0\0MARK",
                5,
            ),
        ] {
            let (line, bytes) = line(document, mark, &[damage]);
            let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            let bytes = BASE64_STANDARD.encode(bytes);
            let expected = serde_json::json!({ "damaged_document": bytes });
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn a_time_that_is_no_date_is_left_out() {
        let mut gathered = Gathered::default();
        let no_time = rawdoc! { "created_at": [NOON] };
        assert!(gather(&mut gathered, &no_time).is_none());
        assert!(gathered.rest().is_none());
    }
}

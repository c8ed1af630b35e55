//! Documents, streamed from a task that owns the cursor.

use std::sync::Arc;
use std::time::Duration;

use mongodb::Cursor;
use mongodb::bson::{RawBsonRef, RawDocument, RawDocumentBuf, doc};
use tokio::time::timeout;

use super::calls::{Calls, exact};
use super::connect::Link;
use super::failure::{STORE, failed, too_slow};
use super::{ORDERS, StoreError, line, ranges, readable};
use crate::store::documents::{self, Documents, Gathered, OPERATION, Piece, Said, Sender};
use crate::store::span::Span;

/// Documents that the server sends at once, 16 MB of them at most.
const FETCHED: u32 = 1_000;

/// The span's documents by time and id, readable or not.
///
/// A cursor is no snapshot: of what is written meanwhile it may show some. The task, and with it
/// the server's cursor, ends when the stream is dropped.
pub(super) async fn documents(calls: &Calls, span: Span) -> Result<Documents, StoreError> {
    if let Some(refusal) = calls.link.reach.refusal() {
        return Err(refusal);
    }
    let (sender, receiver) = documents::channel();
    let step = calls.limits.write.answer;
    let link = Arc::clone(&calls.link);
    tokio::spawn(async move {
        if let Err(error) = send_all(&link, span, step, &sender).await {
            // Fails only when the stream was dropped, and then nobody wants to know.
            let _ = sender.send(Err(error)).await;
        }
    });
    documents::documents(STORE, receiver).await
}

async fn send_all(
    link: &Link,
    span: Span,
    step: Duration,
    sender: &Sender,
) -> Result<(), StoreError> {
    let send = async |said| sender.send(Ok(said)).await.is_ok();
    // What hangs is dropped, and its connection with it: nothing else is done with this cursor.
    let mut cursor = within(step, open(link, span)).await?;
    if !send(Said::Started).await {
        return Ok(());
    }
    let mut gathered = Gathered::default();
    while within(step, cursor.advance()).await? {
        if let Some(piece) = gather(&mut gathered, cursor.current())
            && !send(Said::Piece(piece)).await
        {
            return Ok(());
        }
    }
    for last in gathered
        .rest()
        .map(Said::Piece)
        .into_iter()
        .chain([Said::Ended])
    {
        if !send(last).await {
            break;
        }
    }
    Ok(())
}

async fn open(link: &Link, span: Span) -> Result<Cursor<RawDocumentBuf>, mongodb::error::Error> {
    let orders = link.database().await?.collection::<RawDocumentBuf>(ORDERS);
    orders
        .find(ranges::within(span))
        .sort(doc! { "created_at": 1, "order_id": 1 })
        .collation(exact())
        .allow_disk_use(true)
        .batch_size(FETCHED)
        .await
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
    let (created_at, problem) = match document.get("created_at") {
        Ok(Some(RawBsonRef::DateTime(time))) => {
            match line::write_line(&mut gathered.lines, document) {
                Ok(()) => return gathered.end_line(readable::is_readable(document, time)),
                Err(problem) => (Some(time), problem),
            }
        }
        // An array that holds a date of the span is no time, and belongs to no window.
        Ok(_) => return None,
        Err(problem) => (None, problem),
    };
    tracing::warn!(%problem, "a document is damaged inside; look for damage on the server");
    gathered.lines.truncate(start);
    line::write_damaged(&mut gathered.lines, document, created_at);
    gathered.end_line(false)
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
        let whole = rawdoc! { "created_at": NOON, "total": 1 };
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

    const WHOLE: &str = r#"{"created_at":"2026-11-22T12:00:00Z","total":1}"#;

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
            (doc! { "created_at": NOON, "MARK": 1 }, &b"MARK"[..], 0xff),
            (doc! { "created_at": NOON, "list": [regex] }, b"MARK", 0xff),
            (
                doc! { "created_at": NOON, "old": old },
                b"\x04\0\0\0MARK",
                5,
            ),
        ] {
            let (line, bytes) = line(document, mark, &[damage]);
            let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            let expected = serde_json::json!({
                "created_at": "2026-11-22T12:00:00Z",
                "damaged_document": BASE64_STANDARD.encode(bytes),
            });
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn a_time_behind_the_damage_is_not_known_and_one_that_is_no_date_is_left_out() {
        let (line, bytes) = line(doc! { "MARK": 1, "created_at": NOON }, b"MARK", &[0xff]);
        let bytes = BASE64_STANDARD.encode(bytes);
        assert_eq!(line, format!(r#"{{"damaged_document":"{bytes}"}}"#));
        let mut gathered = Gathered::default();
        let no_time = rawdoc! { "created_at": [NOON] };
        assert!(gather(&mut gathered, &no_time).is_none());
        assert!(gathered.rest().is_none());
    }
}

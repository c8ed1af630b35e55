//! Documents, streamed from a task that owns the cursor.

use std::sync::Arc;
use std::time::Duration;

use mongodb::Cursor;
use mongodb::bson::{DateTime, RawBsonRef, RawDocument, RawDocumentBuf, doc};
use tokio::time::timeout;

use super::calls::{Calls, exact, too_slow};
use super::connect::Link;
use super::failure::{STORE, failed, unusable};
use super::{ORDERS, StoreError, line, pipelines, readable};
use crate::store::documents::{self, Documents, Gathered, OPERATION, Said, Sender};
use crate::store::span::Span;

/// Documents that the server sends at once, 16 MB of them at most.
const FETCHED: u32 = 1_000;

/// The span's documents by time and id, readable or not.
///
/// A cursor is no snapshot: of what is written meanwhile it may show some. The task, and with it
/// the server's cursor, ends when the stream is dropped.
pub(super) async fn documents(calls: &Calls, span: Span) -> Result<Documents, StoreError> {
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
        let document = cursor.current();
        // An array that holds a date of the span is no time, and belongs to no window.
        let Some(time) = time(document) else {
            continue;
        };
        line::write_line(&mut gathered.lines, document).map_err(not_bson)?;
        if let Some(piece) = gathered.end_line(readable::is_readable(document, time))
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
        .find(pipelines::within(span))
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
        Err(_) => Err(too_slow(OPERATION, limit)),
    }
}

fn time(document: &RawDocument) -> Option<DateTime> {
    match document.get("created_at") {
        Ok(Some(RawBsonRef::DateTime(time))) => Some(time),
        _ => None,
    }
}

fn not_bson(error: mongodb::bson::error::Error) -> StoreError {
    let problem = "a document is not BSON; look for damage on the server".to_owned();
    unusable(problem, Some(error.into()))
}

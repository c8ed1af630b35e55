//! Documents, streamed from a task that owns the cursor.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use mongodb::Cursor;
use mongodb::bson::{RawBsonRef, RawDocument, RawDocumentBuf, doc};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::calls::{Calls, exact, too_slow};
use super::connect::Link;
use super::failure::{failed, unavailable, unusable};
use super::{ORDERS, StoreError, line, pipelines};
use crate::store::span::Span;

const OPERATION: &str = "read documents";

/// A batch ends with the document that reaches this size.
const BATCH_BYTES: usize = 64 << 10;

/// Batches that wait for the reader, beside the one being filled.
const WAITING: usize = 2;

/// Documents that the server sends at once, 16 MB of them at most.
const FETCHED: u32 = 1_000;

/// Some lines; an empty batch is the end, so that a task which dies is not mistaken for it.
type Batch = Result<Vec<String>, StoreError>;

/// The span's documents by time and id, readable or not.
///
/// A cursor is no snapshot: of what is written meanwhile it may show some. The task, and with it
/// the server's cursor, ends when the stream is dropped.
pub(super) async fn documents(
    calls: &Calls,
    span: Span,
) -> Result<BoxStream<'static, Result<String, StoreError>>, StoreError> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let (started, start) = oneshot::channel();
    let step = calls.limits.write.answer;
    let link = Arc::clone(&calls.link);
    tokio::spawn(async move {
        if let Err(error) = send_all(&link, span, step, started, &sender).await {
            // Fails only when the stream was dropped, and then nobody wants to know.
            let _ = sender.send(Err(error)).await;
        }
    });
    if start.await.is_err() {
        // The task has given up before it began; the channel holds the reason.
        return Err(match receiver.recv().await {
            Some(Err(error)) => error,
            _ => cut_short(),
        });
    }
    let batches = stream::unfold(Some(receiver), |receiver| async move {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Ok(batch)) if batch.is_empty() => None,
            Some(Ok(batch)) => Some((Ok(batch), Some(receiver))),
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Err(cut_short()), None)),
        }
    });
    Ok(batches.flat_map(|batch| stream::iter(each(batch))).boxed())
}

async fn send_all(
    link: &Link,
    span: Span,
    step: Duration,
    started: oneshot::Sender<()>,
    sender: &mpsc::Sender<Batch>,
) -> Result<(), StoreError> {
    // What hangs is dropped, and its connection with it: nothing else is done with this cursor.
    let mut cursor = within(step, open(link, span)).await?;
    if started.send(()).is_err() {
        return Ok(());
    }
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while within(step, cursor.advance()).await? {
        let document = cursor.current();
        // An array that holds a date of the span is no time, and belongs to no window.
        if !has_time(document) {
            continue;
        }
        let line = line::line(document).map_err(not_bson)?;
        bytes += line.len();
        batch.push(line);
        if bytes >= BATCH_BYTES {
            bytes = 0;
            if sender.send(Ok(mem::take(&mut batch))).await.is_err() {
                return Ok(());
            }
        }
    }
    for last in [batch, Vec::new()] {
        // Without documents in it, the first of the two is the end already.
        let _ = sender.send(Ok(last)).await;
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

fn has_time(document: &RawDocument) -> bool {
    let created_at = document.get("created_at").ok().flatten();
    matches!(created_at, Some(RawBsonRef::DateTime(_)))
}

fn each(batch: Batch) -> Vec<Result<String, StoreError>> {
    match batch {
        Ok(documents) => documents.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

fn not_bson(error: mongodb::bson::error::Error) -> StoreError {
    let problem = "a document is not BSON; look for damage on the server".to_owned();
    unusable(problem, Some(error.into()))
}

fn cut_short() -> StoreError {
    unavailable(OPERATION, "the reading task ended early")
}

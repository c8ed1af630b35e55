//! Documents, streamed from a thread that may block.

use std::mem;
use std::path::Path;
use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::StoreError;
use super::failure::{failed, unavailable};
use super::open::read_connection;
use super::queries::DOCUMENTS;
use super::schema;
use crate::store::span::Span;

const OPERATION: &str = "read documents";

/// A batch ends with the document that reaches this size.
const BATCH_BYTES: usize = 64 << 10;

/// Batches that wait for the reader, beside the one being filled.
const WAITING: usize = 2;

/// Some documents; an empty batch is the end, so that a thread which dies is not mistaken for it.
type Batch = Result<Vec<String>, StoreError>;

/// The window's documents by time and id, as of now.
///
/// Each stream has a connection of its own: a slow reader holds up nobody else. While it is open
/// the write-ahead log cannot be cut, so it grows with what is written meanwhile.
pub(super) async fn documents(
    path: Arc<Path>,
    span: Span,
) -> Result<BoxStream<'static, Result<String, StoreError>>, StoreError> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let (started, start) = oneshot::channel();
    spawn_blocking(move || {
        if let Err(error) = send_all(&path, span, started, &sender) {
            // Fails only when the stream was dropped, and then nobody wants to know.
            let _ = sender.blocking_send(Err(failed(&path, OPERATION, error)));
        }
    });
    if start.await.is_err() {
        // The thread has given up before it began; the channel holds the reason.
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

/// Reads in one transaction, which is what keeps the documents as they were at its start.
fn send_all(
    path: &Path,
    span: Span,
    started: oneshot::Sender<()>,
    sender: &mpsc::Sender<Batch>,
) -> rusqlite::Result<()> {
    let mut connection = read_connection(path)?;
    let transaction = connection.transaction()?;
    // The first read fixes what the transaction sees.
    schema::version(&transaction)?;
    if started.send(()).is_err() {
        return Ok(());
    }
    let mut statement = transaction.prepare(DOCUMENTS)?;
    let mut rows = statement.query([span.from, span.to])?;
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let document: String = row.get(0)?;
        bytes += document.len();
        batch.push(document);
        if bytes >= BATCH_BYTES {
            bytes = 0;
            if sender.blocking_send(Ok(mem::take(&mut batch))).is_err() {
                return Ok(());
            }
        }
    }
    for last in [batch, Vec::new()] {
        // Without documents in it, the first of the two is the end already.
        let _ = sender.blocking_send(Ok(last));
    }
    Ok(())
}

fn each(batch: Batch) -> Vec<Result<String, StoreError>> {
    match batch {
        Ok(documents) => documents.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

fn cut_short() -> StoreError {
    unavailable(OPERATION, "the reading thread ended early")
}

//! Documents, streamed from a thread that may block.

use std::path::Path;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::StoreError;
use super::errors::{STORE, failed};
use super::open::read_connection;
use super::reads::DOCUMENTS;
use super::schema;
use crate::store::documents::{self, Documents, Gathered, OPERATION, Said, Sender};
use crate::store::span::Span;

/// The window's documents by time and id, as of now.
///
/// Each stream has a connection of its own: a slow reader holds up nobody else. While it is open
/// the write-ahead log cannot be cut, so it grows with what is written meanwhile.
pub(super) async fn documents(path: Arc<Path>, span: Span) -> Result<Documents, StoreError> {
    let (sender, receiver) = documents::channel();
    spawn_blocking(move || {
        if let Err(error) = send_all(&path, span, &sender) {
            // Fails only when the stream was dropped, and then nobody wants to know.
            let _ = sender.blocking_send(Err(failed(&path, OPERATION, error)));
        }
    });
    documents::documents(STORE, receiver).await
}

/// Reads in one transaction, which is what keeps the documents as they were at its start.
fn send_all(path: &Path, span: Span, sender: &Sender) -> rusqlite::Result<()> {
    let send = |said| sender.blocking_send(Ok(said)).is_ok();
    let mut connection = read_connection(path)?;
    let transaction = connection.transaction()?;
    // The first read fixes what the transaction sees.
    schema::version(&transaction)?;
    if !send(Said::Started) {
        return Ok(());
    }
    let mut statement = transaction.prepare(DOCUMENTS)?;
    let mut rows = statement.query([span.from, span.to])?;
    let mut gathered = Gathered::default();
    while let Some(row) = rows.next()? {
        let document = row.get_ref(0)?.as_str()?;
        gathered.lines.extend_from_slice(document.as_bytes());
        // What cannot be read is never written.
        if let Some(piece) = gathered.end_line(true)
            && !send(Said::Piece(piece))
        {
            return Ok(());
        }
    }
    let rest = gathered.rest().map(Said::Piece);
    rest.into_iter().chain([Said::Ended]).all(send);
    Ok(())
}

//! Documents, streamed from a thread that may block.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tokio::task::spawn_blocking;

use super::errors::{STORE, failed, unavailable};
use super::open::read_connection;
use super::reads::DOCUMENTS;
use super::{StoreError, schema};
use crate::store::documents::{self, Documents, Gathered, OPERATION, Sender};
use crate::store::span::Span;

/// The window's documents by time and id, as of now.
///
/// Each stream has a connection of its own: a slow reader holds up nobody else. While it is open
/// the write-ahead log cannot be cut, so it grows with what is written meanwhile.
pub(super) async fn documents(path: Arc<Path>, span: Span) -> Result<Documents, StoreError> {
    let file = Arc::clone(&path);
    let connection = spawn_blocking(move || begin(&file))
        .await
        .map_err(|error| unavailable(OPERATION, error))?
        .map_err(|error| failed(&path, OPERATION, error))?;
    let (sender, receiver) = documents::channel();
    let reader = spawn_blocking(move || {
        let sent = send_all(&connection, span, &sender);
        sent.map_err(|error| failed(&path, OPERATION, error))
    });
    Ok(documents::documents(STORE, receiver, reader))
}

/// Begins a transaction, which keeps the documents as they are now. Its first read fixes what it
/// sees.
fn begin(path: &Path) -> rusqlite::Result<Connection> {
    let connection = read_connection(path)?;
    connection.execute_batch("BEGIN")?;
    schema::version(&connection)?;
    Ok(connection)
}

/// Ends early when the stream was dropped.
fn send_all(connection: &Connection, span: Span, sender: &Sender) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(DOCUMENTS)?;
    let mut rows = statement.query([span.from, span.to])?;
    let mut gathered = Gathered::default();
    while let Some(row) = rows.next()? {
        let document = row.get_ref(0)?.as_str()?;
        gathered.lines.extend_from_slice(document.as_bytes());
        // What cannot be read is never written.
        if let Some(piece) = gathered.end_line(true)
            && sender.blocking_send(piece).is_err()
        {
            return Ok(());
        }
    }
    if let Some(piece) = gathered.rest() {
        let _ = sender.blocking_send(piece);
    }
    Ok(())
}

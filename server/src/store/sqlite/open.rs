//! Opening the file, and the settings of every connection.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::StoreError;
use super::errors::failed;
use super::{file, schema};

/// How long a call waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// Checks the file at `path` before anything is written, and makes it ready for use.
pub(super) fn prepare(path: &Path) -> Result<Connection, StoreError> {
    file::check(path)?;
    let open = || {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        // Before the log is switched on: the file itself has to say whose it is from the start.
        schema::prepare(&mut connection)?;
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        Ok(connection)
    };
    open().map_err(|error| failed(path, "open", error))
}

/// A connection that may write, to a file that is there.
pub(super) fn write_connection(path: &Path) -> rusqlite::Result<Connection> {
    connect(path, OpenFlags::empty())
}

/// A connection that cannot write.
pub(super) fn read_connection(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path, OpenFlags::empty())?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(path: &Path, create: OpenFlags) -> rusqlite::Result<Connection> {
    // No mutex inside SQLite: a connection is only ever used by one thread at a time.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // With a write-ahead log this survives a crash of the program; after a power cut the last
    // upserts may be missing, never half there.
    connection.pragma_update(None, "synchronous", "normal")?;
    Ok(connection)
}

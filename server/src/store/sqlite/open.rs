//! Opening the file, and the settings of every connection.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::StoreError;
use super::check;
use super::failure::{cannot_open, damaged, failed, read_only, unusable};
use super::file::{self, Found};
use super::schema;

/// How long a call waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// In KiB: that is what a negative number means to SQLite. The operating system caches the file
/// anyway.
const READER_CACHE: i32 = -2_048;
const WRITER_CACHE: i32 = -8_192;

/// The size at which the write-ahead log is copied into the file, and to which it is cut after a
/// burst. With SQLite's default of 4 MiB, loading a million orders copies the same pages again and
/// again.
const LOG_BYTES: i32 = 16 << 20;

/// Four times SQLite's default: a metric over a month reads 35 MB of an index, and on a cold disk
/// every page is a wait.
const PAGE_BYTES: i32 = 16 << 10;

/// Checks the file at `path` before anything is written, and makes it ready for use.
pub(super) fn prepare(path: &Path) -> Result<Connection, StoreError> {
    let found = file::look(path)?;
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => unusable(cannot_open(path), Some(error.into())),
        _ => failed(path, "open", error),
    };
    if found == Found::Nothing {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE).map_err(failed)?;
        connection
            .pragma_update(None, "page_size", PAGE_BYTES)
            .map_err(failed)?;
        // Before the log is switched on: the file itself has to say whose it is from the start.
        schema::create(&mut connection).map_err(failed)?;
    }
    let mut connection = write_connection(path).map_err(failed)?;
    if connection.is_readonly("main").map_err(failed)? {
        return Err(unusable(read_only(path), None));
    }
    if (1..schema::VERSION).contains(&schema::version(&connection).map_err(failed)?) {
        schema::upgrade(&mut connection).map_err(failed)?;
    }
    match schema::version(&connection).map_err(failed)? {
        schema::VERSION => {}
        ..schema::VERSION => return Err(unusable(damaged(path), None)),
        _ => return Err(unusable(file::newer(path), None)),
    }
    if !check::is_whole(&connection).map_err(failed)? {
        return Err(unusable(damaged(path), None));
    }
    let journal: String = connection
        .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
        .map_err(failed)?;
    if journal != "wal" {
        let problem = format!(
            "{} is on a file system without shared memory; use a local disk",
            path.display()
        );
        return Err(unusable(problem, None));
    }
    Ok(connection)
}

/// A connection that may write.
pub(super) fn write_connection(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path, OpenFlags::empty())?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE)?;
    // With a write-ahead log this survives a crash of the program; after a power cut the last
    // upserts may be missing, never half there.
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))?;
    let pages = LOG_BYTES / PAGE_BYTES;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", pages, |_| Ok(()))?;
    Ok(connection)
}

/// A connection that cannot write.
pub(super) fn read_connection(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path, OpenFlags::empty())?;
    connection.pragma_update(None, "cache_size", READER_CACHE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(path: &Path, create: OpenFlags) -> rusqlite::Result<Connection> {
    // No mutex inside SQLite: a connection is only ever used by one thread at a time.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

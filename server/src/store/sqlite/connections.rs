//! A few connections to the file, used on threads where blocking is allowed.
//!
//! Not a ready-made pool: deadpool-sqlite opens every connection with the right to create the
//! file, gives a connection back while the closure of a cancelled call still uses it, and panics
//! when it is dropped outside a runtime.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::StoreError;
use super::failure::{cannot_open, damaged, failed, read_only, unavailable, unusable};
use super::file::{self, Found};
use super::schema;

/// More readers than a small machine has cores only compete with each other.
const READERS: usize = 4;

/// How long a call waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// In KiB, as a negative number means to SQLite. The operating system caches the file anyway.
const READER_CACHE: i32 = -2_048;
const WRITER_CACHE: i32 = -8_192;

/// The write-ahead log is copied into the file when it has this size, and cut to it after a burst.
/// SQLite's own 4 MiB copy the same pages again and again while a million orders are loaded.
const LOG_BYTES: i32 = 16 << 20;
const PAGE_BYTES: i32 = 4 << 10;

/// One connection that writes and up to [`READERS`] that read, opened when first needed.
#[derive(Debug)]
pub(super) struct Connections {
    path: Arc<Path>,
    writer: Lane,
    readers: Lane,
}

/// Connections of one kind. A permit is held for as long as a connection is in use.
#[derive(Clone, Debug)]
struct Lane {
    connect: fn(&Path) -> rusqlite::Result<Connection>,
    permits: Arc<Semaphore>,
    // std mutex, because nothing awaits under it.
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Connections {
    /// Opens the file, or creates it with its tables.
    pub async fn open(path: Arc<Path>) -> Result<Self, StoreError> {
        let file = Arc::clone(&path);
        let writer = spawn_blocking(move || prepare(&file))
            .await
            .map_err(|error| unavailable("open", error))??;
        Ok(Self {
            path,
            writer: Lane::new(write_connection, 1, vec![writer]),
            readers: Lane::new(read_connection, READERS, Vec::new()),
        })
    }

    /// Runs `work` on a connection that cannot write.
    pub async fn read<T, F>(&self, operation: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.run(&self.readers, operation, work).await
    }

    /// Runs `work` on the connection that writes. It runs to its end even if the caller goes away.
    pub async fn write<T, F>(&self, operation: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.run(&self.writer, operation, work).await
    }

    /// The file, for error messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    async fn run<T, F>(
        &self,
        lane: &Lane,
        operation: &'static str,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&lane.permits)
            .acquire_owned()
            .await
            .map_err(|error| unavailable(operation, error))?;
        let (lane, path) = (lane.clone(), Arc::clone(&self.path));
        spawn_blocking(move || {
            // Moved in here: a caller that goes away must not free a connection still in use.
            let _permit = permit;
            lane.run(&path, work)
        })
        .await
        .map_err(|error| unavailable(operation, error))?
        .map_err(|error| failed(&self.path, operation, error))
    }
}

impl Lane {
    fn new(
        connect: fn(&Path) -> rusqlite::Result<Connection>,
        most: usize,
        idle: Vec<Connection>,
    ) -> Self {
        Self {
            connect,
            permits: Arc::new(Semaphore::new(most)),
            idle: Arc::new(Mutex::new(idle)),
        }
    }

    fn run<T>(
        &self,
        path: &Path,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let mut connection = taken.map_or_else(|| (self.connect)(path), Ok)?;
        let result = work(&mut connection);
        idle().push(connection);
        result
    }
}

/// Checks what stands at `path` before anything is written, and makes it ready for use.
fn prepare(path: &Path) -> Result<Connection, StoreError> {
    let found = file::look(path)?;
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => unusable(cannot_open(path), Some(error.into())),
        _ => failed(path, "open", error),
    };
    if found == Found::Nothing {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE).map_err(failed)?;
        // Before the log is switched on, so that the file itself says whose it is from the start.
        schema::create(&mut connection).map_err(failed)?;
    }
    let connection = write_connection(path).map_err(failed)?;
    if connection.is_readonly("main").map_err(failed)? {
        return Err(unusable(read_only(path), None));
    }
    match schema::version(&connection).map_err(failed)? {
        schema::VERSION => {}
        ..schema::VERSION => return Err(unusable(damaged(path), None)),
        _ => return Err(unusable(file::newer(path), None)),
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

fn write_connection(path: &Path) -> rusqlite::Result<Connection> {
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

//! A few connections to the file, used on threads where blocking is allowed.
//!
//! Not a ready-made pool: deadpool-sqlite opens every connection with the right to create the
//! file, gives a connection back while the closure of a cancelled call still uses it, and panics
//! when it is dropped outside a runtime.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::StoreError;
use super::failure::{failed, unavailable};
use super::open::{prepare, read_connection, write_connection};

/// More readers than a small machine has cores would only compete.
const READERS: usize = 4;

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
    // A std mutex, because nothing awaits while it is held.
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

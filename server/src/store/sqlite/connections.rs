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
use super::errors::{failed, unavailable};

type Connect = fn(&Path) -> rusqlite::Result<Connection>;

/// Connections of one kind, opened when first needed. A permit is held while one is in use.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    path: Arc<Path>,
    connect: Connect,
    permits: Arc<Semaphore>,
    // A std mutex, because nothing awaits while it is held.
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Connections {
    /// At most `most` of them; those that `idle` holds are open already.
    pub fn new(path: Arc<Path>, connect: Connect, most: usize, idle: Vec<Connection>) -> Self {
        Self {
            path,
            connect,
            permits: Arc::new(Semaphore::new(most)),
            idle: Arc::new(Mutex::new(idle)),
        }
    }

    /// Runs `work` on one of them. It runs to its end even if the caller goes away.
    pub async fn run<T, F>(&self, operation: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|error| unavailable(operation, error))?;
        let connections = self.clone();
        spawn_blocking(move || {
            // Moved in here: a caller that goes away must not free a connection still in use.
            let _permit = permit;
            let idle = || {
                connections
                    .idle
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
            };
            let taken = idle().pop();
            let mut connection =
                taken.map_or_else(|| (connections.connect)(&connections.path), Ok)?;
            let result = work(&mut connection);
            idle().push(connection);
            result
        })
        .await
        .map_err(|error| unavailable(operation, error))?
        .map_err(|error| failed(&self.path, operation, error))
    }
}

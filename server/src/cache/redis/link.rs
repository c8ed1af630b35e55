//! The connection in use, and how it is replaced by one that works.

use std::future::Future;
use std::io;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use redis::aio::ConnectionManager;
use redis::{Client, RedisResult};
use tokio::time::timeout;

use super::{commands, connect};

/// Whoever asks waits no longer, whatever the connection is doing: a command waits for a
/// reconnection that is under way, and that may take longer than the command's own time limit.
pub const WITHIN: Duration = Duration::from_millis(150);

/// A new connection may take longer than a command: it is several round trips, more with TLS.
const RENEWED_WITHIN: Duration = Duration::from_millis(800);

pub struct Link {
    client: Client,
    /// A std lock, because nothing awaits under it.
    manager: RwLock<ConnectionManager>,
}

impl Link {
    /// Connects with the first command.
    pub fn new(client: Client) -> RedisResult<Self> {
        let manager = manager(&client)?;
        Ok(Self {
            client,
            manager: RwLock::new(manager),
        })
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub fn connection(&self) -> ConnectionManager {
        let manager = self.manager.read();
        manager.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the server answers to a new connection, which then is the one in use. The old one
    /// may never recover: the manager keeps the answer of a login that was refused, and it does
    /// not notice a peer that went without a word.
    pub async fn renew(&self) -> bool {
        let Ok(manager) = manager(&self.client) else {
            return false;
        };
        let answer = timeout(RENEWED_WITHIN, commands::check(manager.clone())).await;
        if !matches!(answer, Ok(Ok(()))) {
            return false;
        }
        *self.manager.write().unwrap_or_else(PoisonError::into_inner) = manager;
        true
    }
}

fn manager(client: &Client) -> RedisResult<ConnectionManager> {
    ConnectionManager::new_lazy_with_config(client.clone(), connect::manager())
}

/// What `command` gives within [`WITHIN`].
pub async fn in_time<T>(command: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    let late = |_| Err(io::Error::from(io::ErrorKind::TimedOut).into());
    timeout(WITHIN, command).await.unwrap_or_else(late)
}

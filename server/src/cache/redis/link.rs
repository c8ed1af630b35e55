//! The connection, and how it is replaced.

use std::future::Future;
use std::io;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use redis::aio::ConnectionManager;
use redis::{Client, RedisResult};
use tokio::time::timeout;

use super::{commands, connect};

/// How long a command may take. The library's own limit is not enough: a command also waits while the
/// library reconnects.
pub const COMMAND_TIMEOUT: Duration = Duration::from_millis(150);

/// How long a new connection and its first command may take: several round trips, more with TLS.
const RENEW_TIMEOUT: Duration = Duration::from_millis(800);

pub struct Link {
    client: Client,
    /// A std lock, because nothing awaits while it is held.
    manager: RwLock<ConnectionManager>,
}

impl Link {
    /// Does not connect: the first command does.
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

    /// Opens a new connection and, if the server answers, uses it from now on. The old one may never
    /// recover: the manager keeps the error of a refused login, and it does not notice a peer that
    /// vanished.
    pub async fn renew(&self) -> RedisResult<()> {
        let manager = manager(&self.client)?;
        within(RENEW_TIMEOUT, commands::check(manager.clone())).await?;
        *self.manager.write().unwrap_or_else(PoisonError::into_inner) = manager;
        Ok(())
    }
}

fn manager(client: &Client) -> RedisResult<ConnectionManager> {
    ConnectionManager::new_lazy_with_config(client.clone(), connect::manager())
}

/// The result of `command`, or a timeout after [`COMMAND_TIMEOUT`].
pub async fn in_time<T>(command: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    within(COMMAND_TIMEOUT, command).await
}

async fn within<T>(
    limit: Duration,
    command: impl Future<Output = RedisResult<T>>,
) -> RedisResult<T> {
    let late = |_| Err(io::Error::from(io::ErrorKind::TimedOut).into());
    timeout(limit, command).await.unwrap_or_else(late)
}

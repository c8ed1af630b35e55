//! Orders and archive runs in one SQLite file: the default, which needs no server.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use app::model::{Filter, OrderFilter, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::task::spawn_blocking;

use super::span::{Span, next_millisecond};
use super::{
    Active, Dimension, Documents, Group, OrderStore, Position, StatusRules, StoreError, Totals,
};
use crate::calendar::UtcWindow;
use crate::order::Order;
use connections::Connections;
use open::{prepare, read_connection, write_connection};

mod connections;
mod errors;
mod export;
mod file;
mod id;
mod lease;
mod open;
mod query;
mod reads;
mod run_log;
mod schema;
mod sync;
mod write;

/// The store in one SQLite file. Several processes may use the same file at once.
pub struct SqliteStore {
    path: Arc<Path>,
    writer: Connections,
    readers: Connections,
}

/// More readers than a small machine has cores would only compete.
const READERS: usize = 4;

impl SqliteStore {
    /// Opens the file, or creates it in a folder that exists.
    ///
    /// [`StoreError::Unusable`] when `path` is something else or cannot be written to. Then nothing
    /// is changed.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        // Absolute, because SQLite takes a name that starts with "file:" for a URI.
        let path: Arc<Path> = std::path::absolute(path)
            .unwrap_or_else(|_| path.to_owned())
            .into();
        let file = Arc::clone(&path);
        let writer = spawn_blocking(move || prepare(&file))
            .await
            .map_err(|error| errors::unavailable("open", error))??;
        let connections =
            |connect, most, idle| Connections::new(Arc::clone(&path), connect, most, idle);
        Ok(Self {
            writer: connections(write_connection, 1, vec![writer]),
            readers: connections(read_connection, READERS, Vec::new()),
            path,
        })
    }
}

#[async_trait]
impl OrderStore for SqliteStore {
    async fn totals(
        &self,
        rules: &StatusRules,
        filter: &Filter,
        windows: &[UtcWindow],
    ) -> Result<Vec<Totals>, StoreError> {
        let (rules, filter) = (rules.clone(), filter.clone());
        let spans: Vec<Span> = windows.iter().copied().map(Span::from).collect();
        self.readers
            .run("totals", move |connection| {
                reads::totals(connection, &rules, &filter, &spans)
            })
            .await
    }

    async fn by(
        &self,
        rules: &StatusRules,
        dimension: Dimension,
        filter: &Filter,
        window: UtcWindow,
    ) -> Result<Vec<Group>, StoreError> {
        let (rules, filter) = (rules.clone(), filter.clone());
        self.readers
            .run("sums by group", move |connection| {
                reads::by(connection, &rules, dimension, &filter, window.into())
            })
            .await
    }

    async fn active(
        &self,
        filter: &Filter,
        older_than: DateTime<Utc>,
    ) -> Result<Active, StoreError> {
        let filter = filter.clone();
        let older_than = next_millisecond(older_than);
        self.readers
            .run("active orders", move |connection| {
                reads::active(connection, &filter, older_than)
            })
            .await
    }

    async fn orders(
        &self,
        filter: &OrderFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<RecentOrder>, StoreError> {
        let (filter, after) = (filter.clone(), after.cloned());
        self.readers
            .run("list of orders", move |connection| {
                reads::orders(connection, &filter, after.as_ref(), limit)
            })
            .await
    }

    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError> {
        self.writer
            .run("upsert", move |connection| {
                write::upsert(connection, &orders)
            })
            .await
    }

    async fn documents(&self, window: UtcWindow) -> Result<Documents, StoreError> {
        export::documents(Arc::clone(&self.path), window.into()).await
    }

    async fn oldest_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let since = next_millisecond(since);
        self.readers
            .run("oldest order", move |connection| {
                reads::oldest_since(connection, since)
            })
            .await
    }

    async fn unreadable(&self) -> Result<u64, StoreError> {
        // An unreadable order is never written.
        Ok(0)
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.readers
            .run("order count", |connection| reads::count(connection))
            .await
    }

    async fn change_token(&self) -> Result<String, StoreError> {
        self.readers
            .run("count of writes", |connection| reads::writes(connection))
            .await
    }

    async fn is_demonstration(&self) -> Result<bool, StoreError> {
        self.readers
            .run("demonstration flag", |connection| {
                reads::is_demonstration(connection)
            })
            .await
    }

    async fn upsert_synthetic(
        &self,
        orders: Vec<Order>,
        among_others: bool,
    ) -> Result<bool, StoreError> {
        self.writer
            .run("upsert of synthetic orders", move |connection| {
                write::upsert_synthetic(connection, &orders, among_others)
            })
            .await
    }

    async fn adopt(&self) -> Result<u64, StoreError> {
        self.writer.run("adopt", write::adopt).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        // A removed file can still be read and written while it is open, but is lost afterwards.
        tokio::fs::metadata(&self.path)
            .await
            .map_err(|error| errors::unavailable("ping", error))?;
        self.readers
            .run("ping", |connection| reads::ping(connection))
            .await
    }
}

impl fmt::Display for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(errors::STORE)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SqliteStore").field(&self.path).finish()
    }
}

#[cfg(test)]
mod tests;

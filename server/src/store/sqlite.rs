//! Orders and archive runs in one SQLite file: the default, which needs no server.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use app::model::{ArchiveRun, Filter, Month, OrderFilter, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::span::{Span, next_millisecond};
use super::{
    Active, Dimension, Documents, Group, OrderStore, Position, StatusRules, StoreError, Totals,
};
use crate::calendar::UtcWindow;
use crate::order::Order;
use crate::store::RunLog;
use connections::Connections;

mod check;
mod connections;
mod export;
mod failure;
mod file;
#[cfg(test)]
mod isolation;
mod lease;
mod open;
#[cfg(test)]
mod plans;
mod query;
mod reads;
mod run_log;
mod schema;
mod write;

/// The store in one SQLite file. Several processes may use the same file at once.
pub struct SqliteStore {
    path: Arc<Path>,
    connections: Connections,
}

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
        let connections = Connections::open(Arc::clone(&path)).await?;
        Ok(Self { path, connections })
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
        self.connections
            .read("totals", move |connection| {
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
        self.connections
            .read("sums by group", move |connection| {
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
        self.connections
            .read("active orders", move |connection| {
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
        self.connections
            .read("list of orders", move |connection| {
                reads::orders(connection, &filter, after.as_ref(), limit)
            })
            .await
    }

    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError> {
        self.connections
            .write("upsert", move |connection| {
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
        self.connections
            .read("oldest order", move |connection| {
                reads::oldest_since(connection, since)
            })
            .await
    }

    async fn unreadable(&self) -> Result<u64, StoreError> {
        // An unreadable order is never written.
        Ok(0)
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.connections
            .read("order count", |connection| reads::count(connection))
            .await
    }

    async fn is_demonstration(&self) -> Result<bool, StoreError> {
        self.connections
            .read("demonstration flag", |connection| {
                reads::is_demonstration(connection)
            })
            .await
    }

    async fn upsert_synthetic(
        &self,
        orders: Vec<Order>,
        among_others: bool,
    ) -> Result<bool, StoreError> {
        self.connections
            .write("upsert of synthetic orders", move |connection| {
                write::upsert_synthetic(connection, &orders, among_others)
            })
            .await
    }

    async fn adopt(&self) -> Result<u64, StoreError> {
        self.connections.write("adopt", write::adopt).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        // A removed file can still be read and written while it is open, but is lost afterwards.
        tokio::fs::metadata(&self.path)
            .await
            .map_err(|error| failure::unavailable("ping", error))?;
        self.connections
            .read("ping", |connection| reads::ping(connection))
            .await
    }
}

#[async_trait]
impl RunLog for SqliteStore {
    async fn record(&self, run: &ArchiveRun) -> Result<(), StoreError> {
        run_log::record(&self.connections, run).await
    }

    async fn newest(&self, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        run_log::newest(&self.connections, limit).await
    }

    async fn of_month(&self, month: Month, limit: u32) -> Result<Vec<ArchiveRun>, StoreError> {
        run_log::of_month(&self.connections, month, limit).await
    }

    async fn find(&self, run_id: &str) -> Result<Option<ArchiveRun>, StoreError> {
        run_log::find(&self.connections, run_id.to_owned()).await
    }
}

impl fmt::Display for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(failure::STORE)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SqliteStore").field(&self.path).finish()
    }
}

#[cfg(test)]
mod tests;

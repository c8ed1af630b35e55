//! Orders in MongoDB. Other programs write them, too.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use app::model::{Filter, OrderFilter, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mongodb::bson::Document;
use tokio::sync::OnceCell;

use super::span::{Span, next_millisecond};
use super::{
    Active, Dimension, Documents, Group, OrderStore, Position, StatusRules, StoreError, Totals,
};
use crate::calendar::UtcWindow;
use crate::clock::Clock;
use crate::config::MongoConfig;
use crate::order::Order;
use calls::{Calls, LIMIT};
use changes::Changes;
use connect::Link;
use filters::Conditions;

mod calls;
mod changes;
mod connect;
mod demonstration;
mod document;
mod errors;
mod export;
mod filters;
mod indexes;
mod lease;
mod line;
mod migrate;
mod pipelines;
mod ranges;
mod reach;
mod readable;
mod rows;
mod run_log;
mod sync;
mod synthetic;
mod write;

pub use migrate::Migration;

/// The collection that other programs write the orders to.
const ORDERS: &str = "orders";
/// How many days orders stay.
const DAYS: i64 = 35;

/// The store in a MongoDB database.
#[derive(Clone)]
pub struct MongoStore {
    calls: Calls,
    clock: Arc<dyn Clock>,
    /// Set once the unique index is known to be there.
    unique: Arc<OnceCell<()>>,
    changes: Arc<Changes>,
}

impl MongoStore {
    /// The store that `config` names. It connects with the first call, so the server need not be up
    /// yet.
    ///
    /// [`StoreError::Unusable`] when the address is malformed.
    pub fn open(config: &MongoConfig, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (link, limit) = (Link::new(config)?, LIMIT);
        Ok(Self {
            calls: Calls { link, limit },
            clock,
            unique: Arc::default(),
            changes: Arc::default(),
        })
    }

    /// The same where a call may take `limit`.
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.calls.limit = limit;
        self
    }

    /// Where the orders are, without user and password: "mongodb://host:port/shopstream".
    pub fn location(&self) -> &str {
        self.calls.link.location()
    }

    /// What [`MongoStore::migrate`] would do; `now` decides how many orders would expire.
    pub async fn migration(&self, now: DateTime<Utc>) -> Result<Migration, StoreError> {
        migrate::migration(&self.calls, now).await
    }

    /// Makes the missing indexes of `migration`. Within a minute the server begins to delete expired
    /// orders, starting with those that `migration` counted.
    pub async fn migrate(&self, migration: &Migration) -> Result<(), StoreError> {
        migrate::migrate(&self.calls, migration).await
    }

    /// Drops the collection of orders, with its indexes; the next orders may again be synthetic.
    pub async fn drop_orders(&self) -> Result<(), StoreError> {
        demonstration::drop_orders(&self.calls).await
    }

    /// Whether `orders` is a view: it can be read, and cannot be written to or indexed.
    pub async fn is_view(&self) -> Result<bool, StoreError> {
        indexes::is_view(&self.calls).await
    }

    /// The names of the indexes that are missing.
    pub async fn missing_indexes(&self) -> Result<Vec<&'static str>, StoreError> {
        indexes::missing_indexes(&self.calls).await
    }
}

#[async_trait]
impl OrderStore for MongoStore {
    async fn totals(
        &self,
        rules: &StatusRules,
        filter: &Filter,
        windows: &[UtcWindow],
    ) -> Result<Vec<Totals>, StoreError> {
        let spans: Vec<Span> = windows.iter().copied().map(Span::from).collect();
        let pipeline = pipelines::totals(rules, Conditions::of(filter), &spans);
        rows::totals(
            &self.calls.aggregate("totals", pipeline).await?,
            windows.len(),
        )
    }

    async fn by(
        &self,
        rules: &StatusRules,
        dimension: Dimension,
        filter: &Filter,
        window: UtcWindow,
    ) -> Result<Vec<Group>, StoreError> {
        let pipeline = pipelines::by(rules, dimension, Conditions::of(filter), window.into());
        let rows = self.calls.aggregate("sums by group", pipeline).await?;
        rows::groups(dimension, &rows)
    }

    async fn active(
        &self,
        filter: &Filter,
        older_than: DateTime<Utc>,
    ) -> Result<Active, StoreError> {
        let pipeline = pipelines::active(Conditions::of(filter), next_millisecond(older_than));
        rows::active(&self.calls.aggregate("active orders", pipeline).await?)
    }

    async fn orders(
        &self,
        filter: &OrderFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<RecentOrder>, StoreError> {
        // MongoDB refuses a limit of 0.
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        for span in ranges::back_from(after.map(|after| after.created_at), self.clock.now()) {
            let pipeline = pipelines::orders(Conditions::of_list(filter), span, after, limit);
            rows = self.calls.aggregate("list of orders", pipeline).await?;
            if rows.len() >= limit as usize {
                break;
            }
        }
        rows::orders(&rows)
    }

    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError> {
        let make = || indexes::make_unique(&self.calls);
        self.unique.get_or_try_init(make).await?;
        write::upsert(&self.calls, orders).await
    }

    async fn documents(&self, window: UtcWindow) -> Result<Documents, StoreError> {
        export::documents(&self.calls, window.into()).await
    }

    async fn oldest_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        for span in ranges::on_from(next_millisecond(since), self.clock.now()) {
            let rows = self
                .calls
                .aggregate("oldest order", pipelines::oldest(span))
                .await?;
            if let Some(oldest) = rows::oldest(&rows)? {
                return Ok(Some(oldest));
            }
        }
        Ok(None)
    }

    async fn unreadable(&self) -> Result<u64, StoreError> {
        let counted = self
            .calls
            .counted("unreadable orders", pipelines::unreadable());
        counted.await
    }

    async fn duplicates(&self) -> Result<u64, StoreError> {
        // The index answers at once; without it, the whole collection is read.
        match indexes::is_unique(&self.calls).await? {
            true => Ok(0),
            false => {
                self.calls
                    .counted("duplicates", pipelines::duplicates())
                    .await
            }
        }
    }

    async fn count(&self) -> Result<u64, StoreError> {
        let counted = self.calls.run("order count", |database| async move {
            let orders = database.collection::<Document>(ORDERS);
            orders.estimated_document_count().await
        });
        counted.await
    }

    async fn change_token(&self) -> Result<String, StoreError> {
        self.changes.token(self).await
    }

    async fn is_demonstration(&self) -> Result<bool, StoreError> {
        demonstration::is_demonstration(&self.calls).await
    }

    async fn upsert_synthetic(
        &self,
        orders: Vec<Order>,
        among_others: bool,
    ) -> Result<bool, StoreError> {
        if !among_others && !self.is_demonstration().await? {
            return Ok(false);
        }
        write::upsert_synthetic(&self.calls, orders).await?;
        Ok(true)
    }

    async fn adopt(&self) -> Result<u64, StoreError> {
        demonstration::adopt(&self.calls).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.calls.ping().await
    }
}

impl fmt::Display for MongoStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(errors::STORE)
    }
}

impl fmt::Debug for MongoStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MongoStore").field(&self.location()).finish()
    }
}

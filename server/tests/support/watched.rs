//! A real store whose reads are counted and can be made to fail or wait.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};

use app::model::{Filter, OrderFilter, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use server::calendar::UtcWindow;
use server::order::Order;
use server::store::{
    Active, Dimension, Documents, Group, OrderStore, Position, StatusRules, StoreError, Totals,
};
use tokio::sync::oneshot;

/// Passes every call on. Reads have the names of the trait; groups those of their dimension.
#[derive(Debug)]
pub struct Watched {
    store: Arc<dyn OrderStore>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: BTreeMap<&'static str, u32>,
    failing: BTreeSet<&'static str>,
    holds: Vec<Hold>,
}

#[derive(Debug)]
struct Hold {
    read: &'static str,
    arrived: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
}

/// A read that has its result and waits.
pub struct Held {
    pub arrived: oneshot::Receiver<()>,
    pub release: oneshot::Sender<()>,
}

impl Watched {
    pub fn new(store: Arc<dyn OrderStore>) -> Self {
        Self {
            store,
            state: Mutex::default(),
        }
    }

    /// How often `read` was called.
    pub fn calls(&self, read: &str) -> u32 {
        let state = self.state.lock().expect("a state");
        state.calls.get(read).copied().unwrap_or_default()
    }

    /// How often the store was called.
    pub fn all_calls(&self) -> u32 {
        self.state.lock().expect("a state").calls.values().sum()
    }

    /// From now on exactly these reads fail.
    pub fn fail(&self, reads: &[&'static str]) {
        self.state.lock().expect("a state").failing = reads.iter().copied().collect();
    }

    /// The next `read` waits once it has its result; later ones do not.
    pub fn hold(&self, read: &'static str) -> Held {
        let (arrive, arrived) = oneshot::channel();
        let (release, released) = oneshot::channel();
        self.state.lock().expect("a state").holds.push(Hold {
            read,
            arrived: arrive,
            released,
        });
        Held { arrived, release }
    }

    async fn pass<T>(
        &self,
        read: &'static str,
        result: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let (fails, hold) = {
            let mut state = self.state.lock().expect("a state");
            *state.calls.entry(read).or_default() += 1;
            let hold = state.holds.iter().position(|hold| hold.read == read);
            let hold = hold.map(|index| state.holds.remove(index));
            (state.failing.contains(read), hold)
        };
        let result = if fails {
            Err(failure(read))
        } else {
            result.await
        };
        if let Some(hold) = hold {
            _ = hold.arrived.send(());
            _ = hold.released.await;
        }
        result
    }
}

/// The cause must never reach a browser.
fn failure(operation: &'static str) -> StoreError {
    StoreError::Unavailable {
        store: "SQLite",
        operation,
        source: "secret cause".into(),
    }
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

#[async_trait]
impl OrderStore for Watched {
    async fn totals(
        &self,
        rules: &StatusRules,
        filter: &Filter,
        windows: &[UtcWindow],
    ) -> Result<Vec<Totals>, StoreError> {
        let result = self.store.totals(rules, filter, windows);
        self.pass("totals", result).await
    }

    async fn by(
        &self,
        rules: &StatusRules,
        dimension: Dimension,
        filter: &Filter,
        window: UtcWindow,
    ) -> Result<Vec<Group>, StoreError> {
        let read = match dimension {
            Dimension::Category => "by_category",
            Dimension::Region => "by_region",
            Dimension::Product => "by_product",
            Dimension::Status => "by_status",
        };
        let result = self.store.by(rules, dimension, filter, window);
        self.pass(read, result).await
    }

    async fn active(
        &self,
        filter: &Filter,
        older_than: DateTime<Utc>,
    ) -> Result<Active, StoreError> {
        let result = self.store.active(filter, older_than);
        self.pass("active", result).await
    }

    async fn orders(
        &self,
        filter: &OrderFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<RecentOrder>, StoreError> {
        let result = self.store.orders(filter, after, limit);
        self.pass("orders", result).await
    }

    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError> {
        self.store.upsert(orders).await
    }

    async fn documents(&self, window: UtcWindow) -> Result<Documents, StoreError> {
        self.store.documents(window).await
    }

    async fn oldest_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.pass("oldest", self.store.oldest_since(since)).await
    }

    async fn unreadable(&self) -> Result<u64, StoreError> {
        self.store.unreadable().await
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.pass("count", self.store.count()).await
    }

    async fn change_token(&self) -> Result<String, StoreError> {
        self.pass("change_token", self.store.change_token()).await
    }

    async fn is_demonstration(&self) -> Result<bool, StoreError> {
        let result = self.store.is_demonstration();
        self.pass("is_demonstration", result).await
    }

    async fn upsert_synthetic(
        &self,
        orders: Vec<Order>,
        among_others: bool,
    ) -> Result<bool, StoreError> {
        self.store.upsert_synthetic(orders, among_others).await
    }

    async fn adopt(&self) -> Result<u64, StoreError> {
        self.store.adopt().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.pass("ping", self.store.ping()).await
    }
}

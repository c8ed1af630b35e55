//! A real store whose documents fail, stop or are fewer on purpose.

use std::fmt;
use std::sync::Arc;

use app::model::{Filter, OrderFilter, RecentOrder};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::future;
use futures::stream::{self, StreamExt};
use server::calendar::UtcWindow;
use server::order::Order;
use server::store::sqlite::SqliteStore;
use server::store::{
    Active, Dimension, Documents, Group, OrderStore, Piece, Position, StatusRules, StoreError,
    Totals,
};
use tokio::sync::Semaphore;

#[derive(Debug)]
pub enum Fault {
    /// `documents` fails after so many.
    Fail(usize),
    /// Orders that were made before have left the store.
    Left(DateTime<Utc>),
    /// Orders are not counted.
    Uncounted,
    /// Nothing is answered.
    Silent,
    /// `documents` waits after so many until the semaphore has a permit.
    Wait(usize, Arc<Semaphore>),
    /// `documents` ends by itself after so many with a fault of the program.
    Panic(usize),
}

#[derive(Debug)]
pub struct FaultyStore {
    pub store: Arc<SqliteStore>,
    pub fault: Fault,
}

impl FaultyStore {
    /// The part of the window whose orders are still there.
    fn left(&self, window: UtcWindow) -> UtcWindow {
        match self.fault {
            Fault::Left(before) => UtcWindow {
                from: window.from.max(before).min(window.to),
                ..window
            },
            _ => window,
        }
    }
}

/// The same documents, each as a piece of its own.
fn one_by_one(documents: Documents) -> Documents {
    let each = |piece: Result<Piece, StoreError>| {
        let piece = piece.expect("a store that works");
        let ends = piece
            .lines
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n');
        let mut start = 0;
        let lines: Vec<_> = ends
            .map(|(end, _)| {
                let lines = piece.lines.slice(start..=end);
                start = end + 1;
                Ok(Piece {
                    lines,
                    ..Piece::default()
                })
            })
            .collect();
        stream::iter(lines)
    };
    documents.flat_map(each).boxed()
}

fn broken() -> StoreError {
    StoreError::Unavailable {
        store: "SQLite",
        operation: "read documents",
        source: "broken on purpose, with a secret".into(),
    }
}

impl fmt::Display for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

#[async_trait]
impl OrderStore for FaultyStore {
    async fn documents(&self, window: UtcWindow) -> Result<Documents, StoreError> {
        let documents = one_by_one(self.store.documents(self.left(window)).await?);
        Ok(match &self.fault {
            Fault::Fail(count) => documents
                .take(*count)
                .chain(stream::iter([Err(broken())]))
                .boxed(),
            Fault::Left(_) | Fault::Uncounted | Fault::Silent => documents,
            Fault::Wait(count, permits) => {
                let (count, permits) = (*count, Arc::clone(permits));
                documents
                    .enumerate()
                    .then(move |(index, document)| {
                        let permits = Arc::clone(&permits);
                        async move {
                            if index == count {
                                permits.acquire().await.expect("an open semaphore").forget();
                            }
                            document
                        }
                    })
                    .boxed()
            }
            Fault::Panic(count) => {
                let count = *count;
                documents
                    .enumerate()
                    .map(move |(index, document)| {
                        assert!(index < count, "a fault on purpose");
                        document
                    })
                    .boxed()
            }
        })
    }

    async fn totals(
        &self,
        rules: &StatusRules,
        filter: &Filter,
        windows: &[UtcWindow],
    ) -> Result<Vec<Totals>, StoreError> {
        if let Fault::Uncounted = &self.fault {
            return Err(broken());
        }
        let windows: Vec<UtcWindow> = windows.iter().map(|window| self.left(*window)).collect();
        self.store.totals(rules, filter, &windows).await
    }

    async fn by(
        &self,
        rules: &StatusRules,
        dimension: Dimension,
        filter: &Filter,
        window: UtcWindow,
    ) -> Result<Vec<Group>, StoreError> {
        self.store.by(rules, dimension, filter, window).await
    }

    async fn active(
        &self,
        filter: &Filter,
        older_than: DateTime<Utc>,
    ) -> Result<Active, StoreError> {
        self.store.active(filter, older_than).await
    }

    async fn orders(
        &self,
        filter: &OrderFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<RecentOrder>, StoreError> {
        self.store.orders(filter, after, limit).await
    }

    async fn upsert(&self, orders: Vec<Order>) -> Result<(), StoreError> {
        self.store.upsert(orders).await
    }

    async fn oldest_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let from = match self.fault {
            Fault::Left(before) => since.max(before),
            _ => since,
        };
        if let Fault::Silent = self.fault {
            future::pending::<()>().await;
        }
        self.store.oldest_since(from).await
    }

    async fn unreadable(&self) -> Result<u64, StoreError> {
        self.store.unreadable().await
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.store.count().await
    }

    async fn change_token(&self) -> Result<String, StoreError> {
        self.store.change_token().await
    }

    async fn is_demonstration(&self) -> Result<bool, StoreError> {
        self.store.is_demonstration().await
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
        self.store.ping().await
    }
}

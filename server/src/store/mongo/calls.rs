//! Every call to the driver: limits of time, and the breaker.

use std::sync::Arc;
use std::time::Duration;

use mongodb::Database;
use mongodb::bson::{Document, RawDocumentBuf};
use mongodb::error::Error;
use mongodb::options::Collation;
use tokio::time::timeout;

use super::StoreError;
use super::connect::{self, Link, PING_WITHIN};
use super::failure::{Sign, met, too_slow, unavailable};
use super::{ORDERS, pipelines};

/// How long a kind of call may take.
#[derive(Copy, Clone, Debug)]
pub struct Limit {
    /// How long the server may compute, where it knows `maxTimeMS`. Shorter than `answer`, so that
    /// the server stops before it is given up.
    pub server: Duration,
    /// How long the whole call may take. Then it is given up, and its connection closed.
    pub answer: Duration,
}

/// The limits of every kind of call.
#[derive(Copy, Clone, Debug)]
pub struct Limits {
    /// Of every read.
    pub read: Limit,
    /// Of one batch of orders, and of each step of an export.
    pub write: Limit,
    /// Of building indexes.
    pub migrate: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |server, answer| Limit {
            server: Duration::from_millis(server),
            answer: Duration::from_millis(answer),
        };
        Self {
            read: limit(29_000, 30_000),
            write: limit(28_000, 30_000),
            migrate: limit(590_000, 600_000),
        }
    }
}

/// The way to the database. Clones are the same one.
#[derive(Clone)]
pub(super) struct Calls {
    pub link: Arc<Link>,
    pub limits: Limits,
}

impl Calls {
    /// Calls over `link`.
    pub fn new(link: Arc<Link>, limits: Limits) -> Self {
        Self { link, limits }
    }

    /// Does `call`, which only reads; while the servers are away it fails at once.
    pub async fn read<T, F>(
        &self,
        operation: &'static str,
        limit: Limit,
        call: impl FnOnce(Database) -> F + Send + 'static,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send,
    {
        let reach = &self.link.reach;
        if let Some(refusal) = reach.refusal() {
            return Err(refusal);
        }
        tokio::select! {
            biased;
            answer = self.run(operation, limit, call) => answer,
            error = reach.lost() => Err(error),
        }
    }

    /// Does `call` in a task of its own: a driver's future that is dropped half-way may leave a
    /// connection in disorder, so a caller that goes away, or stops waiting, does not drop it.
    pub async fn run<T, F>(
        &self,
        operation: &'static str,
        limit: Limit,
        call: impl FnOnce(Database) -> F + Send + 'static,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send,
    {
        let link = Arc::clone(&self.link);
        let task = tokio::spawn(async move {
            let call = async { call(link.database().await?.clone()).await };
            match timeout(limit.answer, call).await {
                Ok(Ok(answer)) => {
                    link.reach.answered();
                    Ok(answer)
                }
                Ok(Err(error)) => {
                    let (error, sign) = met(operation, error);
                    link.reach.failed(sign, &error);
                    Err(error)
                }
                Err(_) => Err(too_slow(operation)),
            }
        });
        task.await
            .unwrap_or_else(|error| Err(unavailable(operation, error)))
    }

    /// Returns when a server has answered. One that does not in time is away, and is left alone
    /// from then on.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let limit = Limit {
            server: PING_WITHIN,
            answer: PING_WITHIN,
        };
        let ping = |database| async move { connect::ping(&database).await };
        let answer = self.read("ping", limit, ping).await;
        if let Err(error @ StoreError::Late { .. }) = &answer {
            self.link.reach.failed(Sign::Away, error);
        }
        answer
    }

    /// All rows that the pipeline over the orders gives.
    pub async fn aggregate(
        &self,
        operation: &'static str,
        limit: Limit,
        pipeline: Vec<Document>,
    ) -> Result<Vec<RawDocumentBuf>, StoreError> {
        self.read(operation, limit, move |database| async move {
            use futures::TryStreamExt;

            let orders = database.collection::<RawDocumentBuf>(ORDERS);
            let rows = orders
                .aggregate(pipeline)
                .max_time(limit.server)
                .allow_disk_use(true)
                .collation(exact())
                .with_type::<RawDocumentBuf>()
                .await?;
            rows.try_collect().await
        })
        .await
    }

    /// The count that [`pipelines::count`] ends with; no row is none.
    pub async fn counted(
        &self,
        operation: &'static str,
        limit: Limit,
        pipeline: Vec<Document>,
    ) -> Result<u64, StoreError> {
        let rows = self.aggregate(operation, limit, pipeline).await?;
        match rows.first() {
            Some(row) => super::rows::count(row, pipelines::COUNT),
            None => Ok(0),
        }
    }
}

/// Text is compared byte for byte, whatever the collection's own rule is.
pub(super) fn exact() -> Collation {
    Collation::builder().locale("simple".to_owned()).build()
}

//! Every call to the driver: limits of time, and the breaker.

use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::error::Error;
use mongodb::options::Collation;
use tokio::time::timeout;

use super::StoreError;
use super::connect::{self, Link, PING_WITHIN};
use super::errors::{Sign, met, too_slow, unavailable};
use super::{ORDERS, pipelines};

/// How long a call may take: a query, a batch of orders, each step of an export.
pub(super) const LIMIT: Duration = Duration::from_secs(30);
/// How long building indexes may take.
const LONG: Duration = Duration::from_secs(600);
/// How long a ping waits for the read beside it.
const READ_WITHIN: Duration = Duration::from_millis(500);
/// How much earlier the server stops, where it knows `maxTimeMS`.
const SERVER_EARLIER: Duration = Duration::from_secs(1);

/// The way to the database. Clones are the same one.
#[derive(Clone)]
pub(super) struct Calls {
    pub link: Arc<Link>,
    /// How long a call may take. Then it is given up, and its connection closed.
    pub limit: Duration,
}

impl Calls {
    /// The same calls, that may take long.
    pub fn long(&self) -> Self {
        self.within(LONG.max(self.limit))
    }

    fn within(&self, limit: Duration) -> Self {
        let link = Arc::clone(&self.link);
        Self { link, limit }
    }

    /// Does `call`; while the servers are away it fails at once. A call goes on in a task of its
    /// own: a driver's future that is dropped half-way may leave a connection in disorder, so a
    /// caller that goes away, or stops waiting, does not drop it.
    pub async fn run<T, F>(
        &self,
        operation: &'static str,
        call: impl FnOnce(Database) -> F + Send + 'static,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send,
    {
        if let Some(refusal) = self.link.reach.refusal() {
            return Err(refusal);
        }
        let (link, limit) = (Arc::clone(&self.link), self.limit);
        let task = tokio::spawn(async move {
            let call = async { call(link.database().await?.clone()).await };
            match timeout(limit, call).await {
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
        tokio::select! {
            biased;
            answer = task => answer.unwrap_or_else(|error| Err(unavailable(operation, error))),
            error = self.link.reach.lost() => Err(error),
        }
    }

    /// Returns when a server has answered a ping, and has not refused a cheap read beside it: some
    /// answer a ping from anybody. A server that does not answer a ping in time is away, and is
    /// left alone from then on; a read that takes longer is slow, which is no failure.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let ask = |command| move |database| async move { connect::ask(&database, command).await };
        let read = self.run("read", ask(doc! { "count": ORDERS, "limit": 1 }));
        let pings = self.within(PING_WITHIN);
        let ping = pings.run("ping", ask(doc! { "ping": 1 }));
        let (ping, read) = futures::join!(ping, timeout(READ_WITHIN, read));
        if let Err(error @ StoreError::Late { .. }) = &ping {
            self.link.reach.failed(Sign::Away, error);
        }
        match read {
            Ok(Err(refused @ StoreError::Unusable { .. })) => Err(refused),
            _ => ping,
        }
    }

    /// All rows that the pipeline over the orders gives.
    pub async fn aggregate(
        &self,
        operation: &'static str,
        pipeline: Vec<Document>,
    ) -> Result<Vec<RawDocumentBuf>, StoreError> {
        let server_limit = self.limit.saturating_sub(SERVER_EARLIER);
        self.run(operation, move |database| async move {
            let orders = database.collection::<RawDocumentBuf>(ORDERS);
            let rows = orders
                .aggregate(pipeline)
                .max_time(server_limit)
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
        pipeline: Vec<Document>,
    ) -> Result<u64, StoreError> {
        let rows = self.aggregate(operation, pipeline).await?;
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

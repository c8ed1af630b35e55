//! Every call to the driver, under limits of time.

use std::sync::Arc;
use std::time::Duration;

use mongodb::Database;
use mongodb::bson::{Document, RawDocumentBuf};
use mongodb::error::Error;
use mongodb::options::Collation;
use tokio::time::timeout;

use super::StoreError;
use super::connect::Link;
use super::failure::{failed, unavailable};
use super::{ORDERS, pipelines};

/// How long a kind of call may take.
#[derive(Copy, Clone, Debug)]
pub struct Limit {
    /// So long the server may compute, where it knows `maxTimeMS`.
    pub server: Duration,
    /// So long the caller waits.
    pub answer: Duration,
    /// Then the call is given up, so that calls to a server that hangs do not pile up.
    pub task: Duration,
}

/// The limits of every kind of call.
#[derive(Copy, Clone, Debug)]
pub struct Limits {
    /// Of one panel, and of everything that is as quick.
    pub read: Limit,
    /// Of what has to look at every order.
    pub scan: Limit,
    /// Of one batch of orders, and of each step of an export.
    pub write: Limit,
    /// Of building indexes.
    pub migrate: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |server, answer, task| Limit {
            server: Duration::from_millis(server),
            answer: Duration::from_millis(answer),
            task: Duration::from_millis(task),
        };
        Self {
            read: limit(9_000, 10_000, 30_000),
            scan: limit(4_500, 5_000, 30_000),
            write: limit(28_000, 30_000, 120_000),
            migrate: limit(590_000, 600_000, 610_000),
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
    /// Does `call` in a task of its own: a driver's future that is dropped half-way may leave a
    /// connection in disorder, so nobody who goes away, or stops waiting, drops it.
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
        let task = tokio::spawn(timeout(limit.task, async move {
            call(link.database().await?.clone()).await
        }));
        match timeout(limit.answer, task).await {
            Ok(Ok(Ok(Ok(answer)))) => Ok(answer),
            Ok(Ok(Ok(Err(error)))) => Err(failed(operation, error)),
            Ok(Err(error)) => Err(unavailable(operation, error)),
            Ok(Ok(Err(_))) | Err(_) => Err(too_slow(operation, limit.answer)),
        }
    }

    /// All rows that the pipeline over the orders gives.
    pub async fn aggregate(
        &self,
        operation: &'static str,
        limit: Limit,
        pipeline: Vec<Document>,
    ) -> Result<Vec<RawDocumentBuf>, StoreError> {
        self.run(operation, limit, move |database| async move {
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

pub(super) fn too_slow(operation: &'static str, limit: Duration) -> StoreError {
    let seconds = limit.as_secs_f64();
    unavailable(operation, format!("no answer within {seconds} s"))
}

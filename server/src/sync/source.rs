//! Reads of the orders, as the view gives them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use futures::{Stream, TryStreamExt};
use tokio_postgres::types::ToSql;
use tokio_postgres::{IsolationLevel, Row};

use super::SyncError;
use super::errors::failed;
use super::session::{Session, in_time};
use super::view::View;
use crate::config::SourceConfig;

/// How many keys one statement reads.
const KEYS_A_STATEMENT: usize = 1_000;
/// The guard: which of the transactions $1 this snapshot does not see.
///
/// The stream announces a transaction when its commit is in the log. A moment later others see it,
/// or much later where it waits for a standby. What is read in between is read too early, and
/// nothing announces it again. Numbers of transactions wrap around, and age() knows how.
const HIDDEN: &str = "SELECT x FROM unnest($1::oid[]) AS x, pg_current_snapshot() AS s
    WHERE age(x::text::xid) <= age(pg_snapshot_xmax(s)::xid)
        OR x::text::xid IN (SELECT running::xid FROM pg_snapshot_xip(s) AS running) LIMIT 1";

/// A session that reads orders.
pub struct Source {
    pub session: Session,
    pub view: View,
}

/// An order as the view gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub key: String,
    /// One JSON object.
    pub json: String,
}

impl Source {
    /// Connects, and looks at the view.
    pub async fn connect(config: &SourceConfig) -> Result<Self, SyncError> {
        let session = Session::connect(config).await?;
        let view = View::read(&session.client, config).await?;
        Ok(Self { session, view })
    }

    /// All rows of these keys, as of one moment. If that moment does not see one of the
    /// transactions, the number of that transaction instead.
    pub async fn of_keys(
        &mut self,
        keys: &[String],
        after: &HashSet<u32>,
    ) -> Result<Result<Vec<SourceRow>, u32>, SyncError> {
        let sql = self.view.of_keys();
        // Documents of other programs may have other keys.
        let keys: Vec<&String> = keys.iter().filter(|key| self.view.can_have(key)).collect();
        let after: Vec<u32> = after.iter().copied().collect();
        let Session { client, location } = &mut self.session;
        let reading = async {
            let transaction = client
                .build_transaction()
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
                .start()
                .await?;
            if let Some(hidden) = transaction.query_opt(HIDDEN, &[&after]).await? {
                return Ok(Err(hidden.get(0)));
            }
            let statement = transaction.prepare(&sql).await?;
            let mut rows = Vec::new();
            for keys in keys.chunks(KEYS_A_STATEMENT) {
                let found = transaction.query(&statement, &[&keys]).await?;
                rows.extend(found.iter().map(row));
            }
            transaction.commit().await?;
            Ok(Ok(rows))
        };
        in_time(location, "reading changed orders", reading).await
    }

    /// At least `limit` rows from `from` on whose key comes after `after`, by key, and all rows of
    /// the last one's key; none at the end.
    pub async fn page(
        &self,
        after: &str,
        from: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<SourceRow>, SyncError> {
        let values: [&(dyn ToSql + Sync); 3] = [&from, &limit, &after];
        let doing = "reading a page of orders";
        let rows = self.session.all(doing, &self.view.page(), &values).await?;
        Ok(rows.iter().map(row).collect())
    }

    /// The rows of a window, one after the other.
    pub async fn window(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<impl Stream<Item = Result<SourceRow, SyncError>>, SyncError> {
        const DOING: &str = "reading the orders of a day";
        let values: [&(dyn ToSql + Sync); 2] = [&from, &to];
        let Session { client, location } = &self.session;
        let sql = self.view.window();
        let found = client.query_raw(&sql, values);
        let rows = in_time(location, DOING, found).await?;
        let location = location.clone();
        Ok(rows
            .map_ok(|found| row(&found))
            .map_err(move |error| failed(&location, DOING, &error)))
    }

    /// Orders and cents between each of these instants and the next; the last one has no end.
    pub async fn sums(&self, starts: &[DateTime<Utc>]) -> Result<Vec<(u64, i64)>, SyncError> {
        let sql = self.view.sums();
        let rows = self.session.all("adding up days", &sql, &[&starts]).await?;
        let mut sums = vec![(0, 0); starts.len()];
        for row in rows {
            let bucket: i32 = row.get(0);
            if let Some(sum) = sums.get_mut(bucket.unsigned_abs() as usize - 1) {
                *sum = (row.get::<_, i64>(1).unsigned_abs(), row.get(2));
            }
        }
        Ok(sums)
    }

    /// The times and keys of rows that have changed since `from`, oldest first: those that come after
    /// the key `after` at that time, or all from that time on without one. None at the end.
    pub async fn changed(
        &self,
        from: DateTime<Utc>,
        after: &str,
        limit: i64,
    ) -> Result<Vec<(DateTime<Utc>, String)>, SyncError> {
        let values: [&(dyn ToSql + Sync); 3] = [&from, &limit, &after];
        let (doing, sql) = ("looking for changed orders", self.view.changed());
        let rows = self.session.all(doing, &sql, &values).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// An `order_id` that two rows from `from` on have.
    pub async fn duplicate(&self, from: DateTime<Utc>) -> Result<Option<String>, SyncError> {
        let sql = self.view.duplicate();
        let doing = "looking for duplicates";
        let rows = self.session.all(doing, &sql, &[&from]).await?;
        Ok(rows.first().map(|row| row.get(0)))
    }
}

fn row(row: &Row) -> SourceRow {
    SourceRow {
        key: row.get(0),
        json: row.get(1),
    }
}

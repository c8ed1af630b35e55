//! A session with the source: what the view is like, and reads of it.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::{Stream, TryStreamExt};
use tokio::time::timeout;
use tokio_postgres::types::{PgLsn, ToSql};
use tokio_postgres::{Client, IsolationLevel, Row, Transaction};

use super::SyncError;
use super::connect::connect;
use super::errors::{away, failed};
use super::view::View;
use super::visible::Snapshot;
use crate::config::SourceConfig;

/// A session that is silent for this long is dead.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);
/// How many keys one statement reads.
const KEYS_A_STATEMENT: usize = 1_000;

/// A session that reads.
pub struct Source {
    client: Client,
    location: String,
    pub view: View,
}

/// An order as the view gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub key: String,
    /// One JSON object.
    pub json: String,
}

/// Which cluster it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub system_id: String,
    pub timeline: i32,
}

impl Source {
    /// Connects, and looks at the view.
    pub async fn connect(config: &SourceConfig) -> Result<Self, SyncError> {
        let (client, location) = (connect(config).await?, config.location());
        let view = View::read(&client, config).await?;
        Ok(Self {
            client,
            location,
            view,
        })
    }

    /// Where it is, without secrets.
    pub fn location(&self) -> &str {
        &self.location
    }

    pub async fn identity(&self) -> Result<Identity, SyncError> {
        let sql = "SELECT system_identifier::text,
            ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
            FROM pg_control_system()";
        let row = self.one("looking at the cluster", sql, &[]).await?;
        Ok(Identity {
            system_id: row.get(0),
            timeline: row.get(1),
        })
    }

    /// The end of the log, and the time there.
    pub async fn position(&self) -> Result<(PgLsn, DateTime<Utc>), SyncError> {
        let sql = "SELECT pg_current_wal_insert_lsn(), clock_timestamp()";
        let row = self.one("reading the position", sql, &[]).await?;
        Ok((row.get(0), row.get(1)))
    }

    /// All rows of these keys, as of one moment. If that moment does not see one of the
    /// transactions, the number of that transaction instead.
    pub async fn of_keys(
        &mut self,
        keys: &[String],
        after: &HashSet<u32>,
    ) -> Result<Result<Vec<SourceRow>, u32>, SyncError> {
        const DOING: &str = "reading changed orders";
        let sql = self.view.of_keys();
        let location = self.location.clone();
        let lost = |error| failed(&location, DOING, &error);
        // Documents of other programs may have other keys.
        let keys: Vec<&String> = keys.iter().filter(|key| self.view.can_have(key)).collect();
        let reading = async {
            let transaction = self.begin().await?;
            if !after.is_empty() {
                let sql = "SELECT pg_current_snapshot()::text";
                let row = transaction.query_one(sql, &[]).await.map_err(lost)?;
                let snapshot: Result<Snapshot, ()> = row.get::<_, String>(0).parse();
                // What cannot be read sees nothing.
                let hidden = match snapshot {
                    Ok(snapshot) => snapshot.hidden(after.iter().copied()),
                    Err(()) => after.iter().next().copied(),
                };
                if let Some(xid) = hidden {
                    return Ok(Err(xid));
                }
            }
            let statement = transaction.prepare(&sql).await.map_err(lost)?;
            let mut rows = Vec::new();
            for keys in keys.chunks(KEYS_A_STATEMENT) {
                let found = transaction.query(&statement, &[&keys]).await;
                rows.extend(found.map_err(lost)?.iter().map(row));
            }
            transaction.commit().await.map_err(lost)?;
            Ok(Ok(rows))
        };
        in_time(&location, reading).await
    }

    /// At least `limit` rows from `from` on whose key comes after `after`, by key, and all rows of
    /// the last one's key; none at the end.
    pub async fn page(
        &mut self,
        after: &str,
        from: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<SourceRow>, SyncError> {
        const DOING: &str = "reading a page of orders";
        let (first, next, of_keys) = (
            self.view.first_page(),
            self.view.next_page(),
            self.view.of_keys(),
        );
        let location = self.location.clone();
        let lost = |error| failed(&location, DOING, &error);
        let reading = async {
            let transaction = self.begin().await?;
            let found = match after {
                "" => transaction.query(&first, &[&from, &limit]).await,
                after => transaction.query(&next, &[&from, &limit, &after]).await,
            };
            let mut rows: Vec<SourceRow> = found.map_err(lost)?.iter().map(row).collect();
            if rows.len() as i64 >= limit
                && let Some(last) = rows.last().map(|row| row.key.clone())
            {
                rows.retain(|row| row.key != last);
                let found = transaction.query(&of_keys, &[&vec![last]]).await;
                rows.extend(found.map_err(lost)?.iter().map(row));
            }
            transaction.commit().await.map_err(lost)?;
            Ok(rows)
        };
        in_time(&location, reading).await
    }

    /// The rows of a window, one after the other.
    pub async fn window(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<impl Stream<Item = Result<SourceRow, SyncError>>, SyncError> {
        const DOING: &str = "reading the orders of a day";
        let values: [&(dyn ToSql + Sync); 2] = [&from, &to];
        let found = self.client.query_raw(&self.view.window(), values).await;
        let location = self.location.clone();
        let rows = found.map_err(|error| failed(&location, DOING, &error))?;
        Ok(rows
            .map_ok(|found| row(&found))
            .map_err(move |error| failed(&location, DOING, &error)))
    }

    /// Orders and cents between each of these instants and the next; the last one has no end.
    pub async fn sums(&self, starts: &[DateTime<Utc>]) -> Result<Vec<(u64, i64)>, SyncError> {
        let rows = self
            .all("adding up days", &self.view.sums(), &[&starts])
            .await?;
        let mut sums = vec![(0, 0); starts.len()];
        for row in rows {
            let bucket: i32 = row.get(0);
            if let Some(sum) = sums.get_mut(bucket.unsigned_abs() as usize - 1) {
                *sum = (row.get::<_, i64>(1).unsigned_abs(), row.get(2));
            }
        }
        Ok(sums)
    }

    /// The time before which no transaction is open that could still write, and whether the user may
    /// see all of them.
    pub async fn settled(&self) -> Result<(DateTime<Utc>, bool), SyncError> {
        let sql = "SELECT least(clock_timestamp(),
                (SELECT min(xact_start) FROM pg_stat_activity WHERE backend_type = 'client backend'
                    AND pid <> pg_backend_pid() AND datname = current_database()),
                (SELECT min(prepared) FROM pg_prepared_xacts WHERE database = current_database())),
            pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')";
        let row = self.one("looking for open transactions", sql, &[]).await?;
        Ok((row.get(0), row.get(1)))
    }

    /// The times and keys of rows that have changed since `from`, after that one, oldest first; none
    /// at the end.
    pub async fn changed(
        &self,
        from: DateTime<Utc>,
        after: Option<&(DateTime<Utc>, String)>,
        limit: i64,
    ) -> Result<Vec<(DateTime<Utc>, String)>, SyncError> {
        const DOING: &str = "looking for changed orders";
        let rows = match after {
            None => {
                let sql = self.view.first_changed();
                self.all(DOING, &sql, &[&from, &limit]).await?
            }
            Some((time, key)) => {
                let sql = self.view.next_changed();
                self.all(DOING, &sql, &[time, &limit, key]).await?
            }
        };
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// An `order_id` that two rows from `from` on have.
    pub async fn duplicate(&self, from: DateTime<Utc>) -> Result<Option<String>, SyncError> {
        let sql = self.view.duplicate();
        let rows = self.all("looking for duplicates", &sql, &[&from]).await?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    pub async fn one(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, SyncError> {
        let asked = async {
            let row = self.client.query_one(sql, values).await;
            row.map_err(|error| failed(&self.location, doing, &error))
        };
        in_time(&self.location, asked).await
    }

    pub async fn all(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, SyncError> {
        let asked = async {
            let rows = self.client.query(sql, values).await;
            rows.map_err(|error| failed(&self.location, doing, &error))
        };
        in_time(&self.location, asked).await
    }

    async fn begin(&mut self) -> Result<Transaction<'_>, SyncError> {
        let begun = self
            .client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await;
        begun.map_err(|error| failed(&self.location, "beginning to read", &error))
    }
}

fn row(row: &Row) -> SourceRow {
    SourceRow {
        key: row.get(0),
        json: row.get(1),
    }
}

async fn in_time<T>(
    location: &str,
    call: impl Future<Output = Result<T, SyncError>>,
) -> Result<T, SyncError> {
    match timeout(ANSWER_TIMEOUT, call).await {
        Ok(answer) => answer,
        Err(_) => Err(away(location, "no answer within 120 s".to_owned())),
    }
}

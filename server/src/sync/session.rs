//! A session with the source: questions, and what the server says of itself.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::timeout;
use tokio_postgres::types::{PgLsn, ToSql};
use tokio_postgres::{Client, Row};

use super::SyncError;
use super::connect::connect;
use super::errors::{away, failed};
use crate::config::SourceConfig;

/// A session that is silent for this long is dead.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);

pub struct Session {
    pub client: Client,
    /// Where it is, without secrets.
    pub location: String,
}

/// Which cluster it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub system_id: String,
    pub timeline: i32,
}

impl Session {
    pub async fn connect(config: &SourceConfig) -> Result<Self, SyncError> {
        Ok(Self {
            client: connect(config).await?,
            location: config.location(),
        })
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

    pub async fn wal_level(&self) -> Result<String, SyncError> {
        let sql = "SELECT current_setting('wal_level')";
        Ok(self.one("looking at the settings", sql, &[]).await?.get(0))
    }

    pub async fn one(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, SyncError> {
        in_time(&self.location, doing, self.client.query_one(sql, values)).await
    }

    pub async fn all(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, SyncError> {
        in_time(&self.location, doing, self.client.query(sql, values)).await
    }
}

/// The answer to a call of the server at `location`, or what is wrong with it.
pub async fn in_time<T>(
    location: &str,
    doing: &'static str,
    call: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, SyncError> {
    match timeout(ANSWER_TIMEOUT, call).await {
        Ok(answer) => answer.map_err(|error| failed(location, doing, &error)),
        Err(_) => Err(away(location, "no answer within 120 s".to_owned())),
    }
}

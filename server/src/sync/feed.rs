//! The stream of changed keys. Another library would change this file, and the TLS in `connect.rs`.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pgwire_replication::{Lsn, ReplicationClient, ReplicationConfig, ReplicationEvent};
use tokio_postgres::types::PgLsn;

use super::errors::{away, failed_stream};
use super::pgoutput::{Change, Relations};
use super::{Job, SyncError};

/// A stream without any event for this long is dead: the server sends one every 15 s.
pub const SILENCE: Duration = Duration::from_secs(35);
const OPTIONS: &str = "-c TimeZone=UTC -c DateStyle=ISO -c wal_sender_timeout=30s";
const STATUS_INTERVAL: Duration = Duration::from_secs(10);
/// Events that wait for us. They are keys, some 100 bytes each.
const WAITING_EVENTS: usize = 4_096;
/// Microseconds from 1970 to 2000, where PostgreSQL's times begin.
const EPOCH: i64 = 946_684_800_000_000;

/// What the source tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A transaction, already committed, begins.
    Begin { xid: u32 },
    /// A row of these keys has changed.
    Changed(Vec<String>),
    /// A table has been emptied.
    Truncated,
    /// The transaction is told to its end, which is here in the log.
    Commit { end: PgLsn, at: DateTime<Utc> },
    /// Nothing more up to here.
    Idle { end: PgLsn },
}

/// A stream of committed transactions, one after the other.
#[async_trait]
pub trait Feed: Send {
    /// The next event. Dropping the future loses none.
    async fn next(&mut self) -> Result<Event, SyncError>;

    /// Everything before `position` is safe: the source may forget it.
    fn acknowledge(&self, position: PgLsn);

    /// Says goodbye, with what was acknowledged last.
    async fn stop(&mut self);
}

/// The replication protocol of PostgreSQL.
pub struct Replication {
    client: ReplicationClient,
    location: String,
    relations: Relations,
}

impl Replication {
    /// Streams the slot from `position` on.
    pub async fn start(job: &Job, position: PgLsn) -> Result<Self, SyncError> {
        let source = &job.source;
        let config = ReplicationConfig::new(
            &source.host,
            &source.user,
            source.password.expose(),
            &source.database,
            super::view::quoted(&job.slot),
            super::view::quoted(&job.publication),
        )
        .with_port(source.port)
        .with_tls(source.tls.clone())
        .with_start_lsn(Lsn(position.into()))
        .with_status_interval(STATUS_INTERVAL)
        .with_buffer_size(WAITING_EVENTS)
        .with_application_name("shopstream-dashboard sync")
        .with_options(OPTIONS);
        let location = source.location();
        let lost = |error| failed_stream(&location, "following", &error);
        let mut client = ReplicationClient::connect(config).await.map_err(lost)?;
        client.wait_started().await.map_err(lost)?;
        Ok(Self {
            client,
            location,
            relations: Relations::new(source.keys.clone()),
        })
    }
}

#[async_trait]
impl Feed for Replication {
    async fn next(&mut self) -> Result<Event, SyncError> {
        loop {
            let event = self.client.recv().await;
            let event =
                event.map_err(|error| failed_stream(&self.location, "following", &error))?;
            let Some(event) = event else {
                return Err(away(&self.location, "the stream has ended".to_owned()));
            };
            match event {
                ReplicationEvent::Begin { xid, .. } => return Ok(Event::Begin { xid }),
                ReplicationEvent::Commit {
                    end_lsn,
                    commit_time_micros,
                    ..
                } => {
                    let at = DateTime::from_timestamp_micros(commit_time_micros + EPOCH);
                    return Ok(Event::Commit {
                        end: end_lsn.0.into(),
                        at: at.unwrap_or_default(),
                    });
                }
                ReplicationEvent::KeepAlive { wal_end, .. } => {
                    return Ok(Event::Idle {
                        end: wal_end.0.into(),
                    });
                }
                ReplicationEvent::XLogData { data, .. } => match self.relations.read(data)? {
                    Some(Change::Keys(keys)) => return Ok(Event::Changed(keys)),
                    Some(Change::Truncated) => return Ok(Event::Truncated),
                    None => {}
                },
                _ => {}
            }
        }
    }

    fn acknowledge(&self, position: PgLsn) {
        self.client.update_applied_lsn(Lsn(position.into()));
    }

    async fn stop(&mut self) {
        let goodbye = self.client.shutdown();
        _ = tokio::time::timeout(Duration::from_secs(2), goodbye).await;
    }
}

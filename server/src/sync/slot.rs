//! The replication slot: what the source keeps for us.

use serde::Serialize;
use tokio_postgres::types::PgLsn;

use super::errors::away;
use super::session::Session;
use super::sink::Writer;
use super::source::Source;
use super::{Job, SyncError};

/// A slot as the source has it.
#[derive(Clone, Debug)]
pub struct Slot {
    /// What was acknowledged last.
    pub confirmed: PgLsn,
    /// Whether it still has everything after that.
    pub is_whole: bool,
}

/// The slot of this name in this database; `None` if there is none.
pub async fn find(session: &Session, name: &str) -> Result<Option<Slot>, SyncError> {
    const DOING: &str = "looking at the slot";
    let sql = "SELECT confirmed_flush_lsn, wal_status, plugin, database = current_database()
        FROM pg_replication_slots WHERE slot_name = $1";
    let found = session.all(DOING, sql, &[&name]).await?;
    let Some(row) = found.first() else {
        return Ok(None);
    };
    let plugin: Option<String> = row.get(2);
    if plugin.as_deref() != Some("pgoutput") || row.get::<_, Option<bool>>(3) != Some(true) {
        let problem =
            format!("the slot {name} belongs to something else; name another with --slot");
        return Err(SyncError::Refused {
            doing: DOING,
            problem,
        });
    }
    let confirmed: Option<PgLsn> = row.get(0);
    let status: Option<String> = row.get(1);
    Ok(Some(Slot {
        confirmed: confirmed.unwrap_or(PgLsn::from(0)),
        is_whole: confirmed.is_some() && status.as_deref().is_some_and(|status| status != "lost"),
    }))
}

/// Creates the slot; returns the position that it begins at. Waits up to 30 s for the transactions
/// that are open.
pub async fn create(session: &Session, name: &str) -> Result<PgLsn, SyncError> {
    const DOING: &str = "creating the slot";
    let level = session.wal_level().await?;
    if level != "logical" {
        let problem = format!(
            "wal_level is {level}: set wal_level = logical in postgresql.conf and restart PostgreSQL"
        );
        return Err(SyncError::Refused {
            doing: DOING,
            problem,
        });
    }
    session
        .all(DOING, "SET statement_timeout = '30s'", &[])
        .await?;
    let sql = "SELECT lsn FROM pg_create_logical_replication_slot($1, 'pgoutput')";
    let created = session.one(DOING, sql, &[&name]).await;
    _ = session.all(DOING, "RESET statement_timeout", &[]).await;
    match created {
        Ok(row) => Ok(row.get(0)),
        // It took too long. A session that was lost fails again here.
        Err(SyncError::Away { .. }) => {
            Err(away(&session.location, open_transaction(session).await?))
        }
        Err(error) => Err(error),
    }
}

async fn open_transaction(session: &Session) -> Result<String, SyncError> {
    let sql = "SELECT format('process %s of %s, open since %s', pid, usename, xact_start)
        FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()
        ORDER BY xact_start LIMIT 1";
    let found = session
        .all("looking for open transactions", sql, &[])
        .await?;
    let found: Option<String> = found.first().map(|row| row.get(0));
    let found = found.unwrap_or_else(|| "one that this user may not see".to_owned());
    Ok(format!(
        "a new slot waits for every open transaction, the oldest is {found}"
    ))
}

/// Drops the slot; false if there is none.
pub async fn drop(session: &Session, name: &str) -> Result<bool, SyncError> {
    if find(session, name).await?.is_none() {
        return Ok(false);
    }
    let sql = "SELECT pg_drop_replication_slot($1)";
    session.all("dropping the slot", sql, &[&name]).await?;
    Ok(true)
}

/// Gives the slot back to the source, and forgets the position. Returns whether there was one.
pub async fn drop_slot(job: &Job) -> Result<bool, SyncError> {
    let session = Session::connect(&job.source).await?;
    Writer::with(job, async |writer| {
        let dropped = drop(&session, &job.slot).await?;
        if writer.state.position.is_some() {
            writer.state.slot = None;
            writer.state.position = None;
            writer.state.copying = None;
            writer.save().await?;
        }
        Ok(dropped)
    })
    .await
}

/// What the source says about the slot, and about the view.
#[derive(Clone, Debug, Serialize)]
pub struct Health {
    /// `None` if there is no slot.
    pub slot: Option<SlotHealth>,
    /// "-1" for no limit.
    pub max_slot_wal_keep_size: String,
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SlotHealth {
    pub active: bool,
    pub confirmed: Option<String>,
    pub wal_status: Option<String>,
    /// How much log the source keeps for the slot, in bytes.
    pub retained_bytes: Option<i64>,
    /// How much more it may write before the slot is lost; `None` without a limit.
    pub safe_wal_size: Option<i64>,
}

pub async fn health(job: &Job) -> Result<Health, SyncError> {
    const DOING: &str = "looking at the slot";
    let source = Source::connect(&job.source).await?;
    let limit = "SELECT current_setting('max_slot_wal_keep_size')";
    let limit = source.session.one(DOING, limit, &[]).await?;
    let sql = "SELECT active, confirmed_flush_lsn::text, wal_status, safe_wal_size,
        pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint
        FROM pg_replication_slots WHERE slot_name = $1";
    let slot = source.session.all(DOING, sql, &[&job.slot]).await?;
    Ok(Health {
        slot: slot.first().map(|row| SlotHealth {
            active: row.get(0),
            confirmed: row.get(1),
            wal_status: row.get(2),
            safe_wal_size: row.get(3),
            retained_bytes: row.get(4),
        }),
        max_slot_wal_keep_size: limit.get(0),
        warnings: source.view.warnings.clone(),
    })
}

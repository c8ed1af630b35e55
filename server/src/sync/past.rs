//! Waiting until the orders are past a position of the source.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_postgres::types::PgLsn;

use super::errors::away;
use super::{Job, State, SyncError};

const PATIENCE: Duration = Duration::from_secs(15);
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// How to know that the orders are past a position of the source.
pub enum Past {
    /// This process follows.
    Position(watch::Receiver<Option<PgLsn>>),
    /// Another process may follow, and saves how far it is.
    Saved,
    /// Nobody else writes.
    Now,
}

impl Past {
    pub async fn reach(&mut self, job: &Job, position: PgLsn) -> Result<(), SyncError> {
        let reached = |past: &Option<PgLsn>| past.is_some_and(|past| past >= position);
        let waiting = async {
            match self {
                Self::Now => {}
                Self::Position(past) => _ = past.wait_for(reached).await,
                Self::Saved => loop {
                    let state = State::load(job.sink.as_ref()).await?.unwrap_or_default();
                    if state.position.is_none() || reached(&state.position) {
                        break;
                    }
                    sleep(POLL_INTERVAL).await;
                },
            }
            Ok(())
        };
        let waited = timeout(PATIENCE, waiting).await;
        match (waited, &self) {
            (Ok(reached), _) => reached,
            (Err(_), Self::Position(_)) => {
                let problem = "the stream is behind".to_owned();
                Err(away(&job.source.location(), problem))
            }
            // Nobody follows any more: what differs is really different.
            (Err(_), _) => {
                *self = Self::Now;
                Ok(())
            }
        }
    }
}

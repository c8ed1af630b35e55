//! The stream of one session: reads changed keys again, writes them, and only then lets the source
//! forget them.

use std::collections::HashSet;
use std::time::Duration;

use app::model::Drift;
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout_at};
use tokio_postgres::types::PgLsn;

use super::SyncError;
use super::batch::Batch;
use super::errors::away;
use super::feed::{Feed, SILENCE};
use super::pause::Pause;
use super::repair::repair;
use super::sink::Writer;
use super::source::{Source, SourceRow};
use super::watch::watch_drift;
use crate::causes::with_causes;

/// How often we acknowledge what an idle source has told.
const TICK: Duration = Duration::from_secs(1);
/// How often we ask it whether we have everything.
const TICKS_A_QUESTION: u32 = 5;
/// How long a transaction may be announced and not visible before we say so.
const GUARD_PATIENCE: Duration = Duration::from_secs(10);

/// Writes what `feed` tells, from `position` on, until the job is cancelled.
pub async fn stream(
    source: Source,
    writer: &mut Writer,
    feed: &mut impl Feed,
    position: PgLsn,
) -> Result<(), SyncError> {
    let (passed, past) = watch::channel(Some(position));
    let (found, drift) = watch::channel(writer.state.drift.clone());
    let watching = tokio::spawn(watch_drift(writer.job.clone(), past, found));
    let mut stream = Stream {
        source,
        writer,
        feed,
        passed,
        drift,
        asked: None,
    };
    let result = stream.run().await;
    watching.abort();
    result
}

struct Stream<'a, F> {
    source: Source,
    writer: &'a mut Writer,
    feed: &'a mut F,
    passed: watch::Sender<Option<PgLsn>>,
    drift: watch::Receiver<Option<Drift>>,
    /// Where the source was when it was asked last, and when. Once we are there, we had caught up.
    asked: Option<(PgLsn, DateTime<Utc>)>,
}

impl<F: Feed> Stream<'_, F> {
    async fn run(&mut self) -> Result<(), SyncError> {
        let cancel = self.writer.job.cancel.clone();
        let mut batch = Batch::default();
        let mut heard = Instant::now();
        let mut ticks = 0_u32;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let due = batch.due.unwrap_or(heard + SILENCE);
            tokio::select! {
                biased;
                // What is not written yet is told again the next time.
                () = cancel.cancelled() => return Ok(()),
                event = timeout_at(due, self.feed.next()) => match event {
                    Ok(event) => batch.add(event?),
                    Err(_) if batch.due.is_some() => {}
                    Err(_) => {
                        let problem = "the stream has been silent for 35 s".to_owned();
                        return Err(away(&self.source.session.location, problem));
                    }
                },
                _ = tick.tick() => {
                    if batch.is_idle() {
                        self.advance(batch.idle.take(), None).await?;
                        ticks += 1;
                        if ticks.is_multiple_of(TICKS_A_QUESTION) {
                            self.writer.hold().await?;
                            self.asked = Some(self.source.session.position().await?);
                        }
                    }
                    continue;
                }
            }
            // The timeout never comes while events wait.
            if batch.is_due() {
                self.flush(&mut batch).await?;
            }
            heard = Instant::now();
        }
    }

    /// Writes the batch. While the store is away it waits, and the source keeps what we have not
    /// acknowledged.
    async fn flush(&mut self, batch: &mut Batch) -> Result<(), SyncError> {
        let keys: Vec<String> = batch.keys.iter().cloned().collect();
        let mut pause = Pause::default();
        while let Err(error) = self.write(&keys, batch).await {
            if !matches!(error, SyncError::Store { .. }) || !error.is_away() {
                return Err(error);
            }
            tracing::warn!(error = with_causes(&error), "the orders wait");
            pause.wait(&self.writer.job).await?;
        }
        batch.clear();
        Ok(())
    }

    async fn write(&mut self, keys: &[String], batch: &Batch) -> Result<(), SyncError> {
        let rows = self.visible(keys, &batch.xids).await?;
        if !keys.is_empty() {
            self.writer.write(keys.to_vec(), rows).await?;
        }
        if batch.truncated {
            repair(&mut self.source, self.writer, false).await?;
        }
        match batch.commit {
            Some((end, at)) => self.advance(Some(end), Some(at)).await,
            None => Ok(()),
        }
    }

    /// The rows of the keys, once the source shows these transactions to others.
    async fn visible(
        &mut self,
        keys: &[String],
        xids: &HashSet<u32>,
    ) -> Result<Vec<SourceRow>, SyncError> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(2);
        loop {
            let hidden = match self.source.of_keys(keys, xids).await? {
                Ok(rows) => {
                    self.writer.state.waiting = None;
                    return Ok(rows);
                }
                Err(hidden) => hidden,
            };
            if begun.elapsed() > GUARD_PATIENCE && self.writer.state.waiting.is_none() {
                let waiting = format!(
                    "transaction {hidden} is committed but not shown to others since {}: it may wait \
                     for a standby that is away (synchronous_standby_names)",
                    self.writer.job.now()
                );
                tracing::warn!(waiting, "the stream stands still");
                self.writer.state.waiting = Some(waiting);
                self.writer.save().await?;
            }
            tokio::select! {
                () = sleep(pause) => {}
                () = self.writer.job.cancel.cancelled() => return Err(SyncError::Stopped),
            }
            self.writer.hold().await?;
            pause = (pause * 2).min(Duration::from_millis(250));
        }
    }

    /// Saves that everything before `position` is in the orders, then acknowledges it.
    async fn advance(
        &mut self,
        position: Option<PgLsn>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<(), SyncError> {
        let Some(position) = position.max(self.writer.state.position) else {
            return Ok(());
        };
        let asked = self.asked.take_if(|(end, _)| *end <= position);
        let as_of = as_of.max(asked.map(|(_, at)| at));
        let drift = self.drift.borrow_and_update().clone();
        let state = &mut self.writer.state;
        let before = (state.position, state.drift.clone());
        state.position = Some(position);
        state.drift = drift;
        if let Some(as_of) = as_of {
            let as_of = self.writer.job.calendar.timestamp(as_of);
            state.caught_up_at = state.caught_up_at.max(Some(as_of));
        }
        if as_of.is_some() || before != (state.position, state.drift.clone()) {
            self.writer.save().await?;
        }
        self.feed.acknowledge(position);
        self.passed.send_replace(Some(position));
        Ok(())
    }
}

//! Following: gathers changed keys, reads them again, writes them, and only then lets the source
//! forget them.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use app::model::Drift;
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout_at};
use tokio_postgres::types::PgLsn;

use super::attach::attach;
use super::feed::{Event, Feed, Replication, SILENCE};
use super::sink::Writer;
use super::source::Source;
use super::watch::watch_drift;
use super::{Job, SyncError, compare, window};
use crate::causes::with_causes;

/// How long keys are gathered, from the first on.
const GATHER: Duration = Duration::from_millis(20);
/// How many keys are gathered at most, also in the midst of a transaction.
const MAX_KEYS: usize = 5_000;
const TICK: Duration = Duration::from_secs(1);
/// How often we ask an idle source whether we have everything.
const TICKS_A_QUESTION: u32 = 5;
/// How long a transaction may be announced and not visible before we say so.
const GUARD_PATIENCE: Duration = Duration::from_secs(10);
const SLOT_PATIENCE: Duration = Duration::from_secs(60);
const SLOT_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Follows the source until the job is cancelled. While PostgreSQL or the store is away it tries
/// again; `say` is told why.
pub async fn follow(job: &Job, mut say: impl FnMut(&str)) -> Result<(), SyncError> {
    let mut pause = Pause::default();
    let mut writer = loop {
        match Writer::open(job, true).await {
            Err(SyncError::Stopped) => return Ok(()),
            Err(error) if error.is_away() => say(&with_causes(&error)),
            opened => break opened?,
        }
        if pause.wait(job).await.is_err() {
            return Ok(());
        }
    };
    let result = loop {
        let begun = Instant::now();
        match session(&mut writer).await {
            Err(SyncError::Stopped) | Ok(()) => break Ok(()),
            Err(error) if error.is_away() => {
                if begun.elapsed() > LONGEST_PAUSE {
                    pause = Pause::default();
                }
                say(&with_causes(&error));
                if pause.wait(job).await.is_err() {
                    break Ok(());
                }
                // Nothing but the saved state is known for sure.
                match super::State::load(job.sink.as_ref()).await {
                    Ok(state) => writer.state = state.unwrap_or_default(),
                    Err(error) if error.is_away() => {}
                    Err(error) => break Err(error),
                }
            }
            Err(error) => break Err(error),
        }
    };
    writer.close().await;
    result
}

/// One session with the source, from its beginning until something fails.
async fn session(writer: &mut Writer) -> Result<(), SyncError> {
    let job = writer.job.clone();
    let mut source = Source::connect(&job.source).await?;
    let position = attach(&mut source, writer).await?;
    let feed = start(writer, position).await?;
    let (passed, past) = watch::channel(Some(position));
    let (found, drift) = watch::channel(writer.state.drift.clone());
    let watching = tokio::spawn(watch_drift(job.clone(), past, found));
    let mut following = Following {
        source,
        writer,
        feed,
        passed,
        drift,
        asked: None,
    };
    let result = following.run().await;
    watching.abort();
    following.feed.stop().await;
    result
}

/// Starts the stream. Another process may still hold the slot, or seem to.
async fn start(writer: &mut Writer, position: PgLsn) -> Result<Replication, SyncError> {
    let begun = Instant::now();
    loop {
        match Replication::start(&writer.job, position).await {
            Err(SyncError::Held) if begun.elapsed() < SLOT_PATIENCE => {}
            started => return started,
        }
        tokio::select! {
            () = sleep(SLOT_PAUSE) => writer.hold().await?,
            () = writer.job.cancel.cancelled() => return Err(SyncError::Stopped),
        }
    }
}

/// What was gathered and is not yet written.
#[derive(Debug, Default)]
struct Batch {
    keys: BTreeSet<String>,
    xids: HashSet<u32>,
    truncated: bool,
    /// When it is to be written.
    due: Option<Instant>,
    /// The end of the last transaction that is whole in here, and when it was committed.
    commit: Option<(PgLsn, DateTime<Utc>)>,
}

struct Following<'a, F> {
    source: Source,
    writer: &'a mut Writer,
    feed: F,
    passed: watch::Sender<Option<PgLsn>>,
    drift: watch::Receiver<Option<Drift>>,
    /// Where the source was when it was asked last, and when. Once we are there, we had caught up.
    asked: Option<(PgLsn, DateTime<Utc>)>,
}

impl<F: Feed> Following<'_, F> {
    async fn run(&mut self) -> Result<(), SyncError> {
        let cancel = self.writer.job.cancel.clone();
        let mut batch = Batch::default();
        // The transaction that is being told.
        let mut open = None;
        // A position that an idle source has told us, and that is not saved yet.
        let mut idle = None;
        let mut heard = Instant::now();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ticks = 0_u32;
        loop {
            let due = batch.due.unwrap_or(heard + SILENCE);
            let event = tokio::select! {
                biased;
                () = cancel.cancelled() => {
                    // What is not written yet is told again the next time.
                    return Ok(());
                }
                event = timeout_at(due, self.feed.next()) => event,
                _ = tick.tick() => {
                    if batch.due.is_none() && open.is_none() {
                        ticks += 1;
                        if ticks.is_multiple_of(TICKS_A_QUESTION) {
                            self.writer.hold().await?;
                            self.asked = Some(self.source.position().await?);
                        }
                        self.advance(idle.take(), None).await?;
                    }
                    continue;
                }
            };
            let Ok(event) = event else {
                if batch.due.is_none() {
                    let problem = "the stream has been silent for 35 s".to_owned();
                    return Err(super::errors::away(self.source.location(), problem));
                }
                self.flush(&mut batch).await?;
                heard = Instant::now();
                continue;
            };
            heard = Instant::now();
            match event? {
                Event::Begin { xid } => open = Some(xid),
                Event::Changed(keys) => {
                    batch.keys.extend(keys);
                    batch.xids.extend(open);
                    batch.due.get_or_insert_with(|| Instant::now() + GATHER);
                }
                Event::Truncated => {
                    batch.truncated = true;
                    batch.xids.extend(open);
                    batch.due.get_or_insert_with(|| Instant::now() + GATHER);
                }
                Event::Commit { end, at } => {
                    open = None;
                    batch.commit = Some((end, at));
                    batch.due.get_or_insert_with(|| Instant::now() + GATHER);
                }
                Event::Idle { end } => {
                    if batch.due.is_none() && open.is_none() {
                        idle = Some(end);
                    }
                }
            }
            // The timeout never comes while events wait.
            let is_due = batch.due.is_some_and(|due| due <= Instant::now());
            if is_due || batch.keys.len() >= MAX_KEYS {
                self.flush(&mut batch).await?;
                heard = Instant::now();
            }
        }
    }

    /// Writes the batch, saves the position, then acknowledges it. While the store is away it waits,
    /// and the source keeps what we have not acknowledged.
    async fn flush(&mut self, batch: &mut Batch) -> Result<(), SyncError> {
        let job = self.writer.job.clone();
        let keys: Vec<String> = batch.keys.iter().cloned().collect();
        let mut pause = Pause::default();
        loop {
            let written = async {
                self.write(&keys, batch).await?;
                if let Some((end, at)) = batch.commit {
                    self.advance(Some(end), Some(at)).await?;
                }
                Ok(())
            };
            match written.await {
                Ok(()) => break,
                Err(error @ SyncError::Store { .. }) if error.is_away() => {
                    tracing::warn!(error = with_causes(&error), "the orders wait");
                    pause.wait(&job).await?;
                }
                Err(error) => return Err(error),
            }
        }
        *batch = Batch::default();
        Ok(())
    }

    async fn write(&mut self, keys: &[String], batch: &Batch) -> Result<(), SyncError> {
        let rows = self.visible(keys, &batch.xids).await?;
        if !keys.is_empty() {
            self.writer.write(keys.to_vec(), rows).await?;
        }
        if batch.truncated {
            let job = &self.writer.job;
            let days = window::days(&job.calendar, job.clock.now());
            compare::repair(&mut self.source, self.writer, &days, false).await?;
        }
        Ok(())
    }

    /// The rows of the keys, once the source shows these transactions to others.
    async fn visible(
        &mut self,
        keys: &[String],
        xids: &HashSet<u32>,
    ) -> Result<Vec<super::source::SourceRow>, SyncError> {
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

/// Waits 1, 2, 4 .. 30 s, a little more or less.
#[derive(Debug, Default)]
struct Pause {
    times: u32,
}

impl Pause {
    async fn wait(&mut self, job: &Job) -> Result<(), SyncError> {
        let pause = Duration::from_secs(1 << self.times.min(5)).min(LONGEST_PAUSE);
        self.times += 1;
        tokio::select! {
            () = sleep(pause.mul_f64(0.8 + 0.4 * fastrand::f64())) => Ok(()),
            () = job.cancel.cancelled() => Err(SyncError::Stopped),
        }
    }
}

//! Where the orders come from, how far behind they are, and whether they agree.

use app::model::Timestamp;
use app::model::number::{ago, counted, size};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::checked::CHECK_TIMEOUT;
use crate::backends::Backends;
use crate::causes::with_causes;
use crate::clock::SystemClock;
use crate::config::{Config, SourceConfig};
use crate::sync::{self, Health, Job, SlotHealth, State};

/// The orders' source.
#[derive(Clone, Debug, Serialize)]
pub struct SourceReport {
    pub location: String,
    /// Whether PostgreSQL answers, and gives orders.
    pub up: bool,
    /// How far the orders are; `None` before the first sync.
    pub state: Option<State>,
    pub health: Option<Health>,
    /// One line each for people.
    pub notes: Vec<String>,
}

/// The state of the source; `None` without `SOURCE_URI`.
pub(super) async fn source(config: &Config) -> Option<SourceReport> {
    let source = config.source.clone()?;
    let deadline = Instant::now() + CHECK_TIMEOUT;
    let mut report = SourceReport {
        location: source.location(),
        up: false,
        state: None,
        health: None,
        notes: Vec::new(),
    };
    let job = match in_time(deadline, Backends::open(config)).await {
        Ok(backends) => job(source, config, &backends),
        // The line of the store says why.
        Err(_) => return Some(report),
    };
    match in_time(deadline, State::load(job.sink.as_ref())).await {
        Ok(state) => report.state = state,
        Err(problem) => report
            .notes
            .push(format!("how far the orders are is unknown: {problem}")),
    }
    let now = job.calendar.timestamp(job.clock.now());
    let lines = report.state.as_ref().map(|state| of_state(state, now));
    report
        .notes
        .extend(lines.unwrap_or_else(|| vec!["no sync has run yet".to_owned()]));
    match in_time(deadline, sync::health(&job)).await {
        Ok(health) => {
            report.up = true;
            let follows = report
                .state
                .as_ref()
                .is_some_and(|state| state.position.is_some());
            report.notes.extend(of_health(&health, follows));
            report.health = Some(health);
        }
        Err(problem) => report.notes.push(problem),
    }
    Some(report)
}

fn job(source: SourceConfig, config: &Config, backends: &Backends) -> Job {
    Job {
        source,
        publication: sync::NAME.to_owned(),
        slot: sync::NAME.to_owned(),
        orders: backends.orders.clone(),
        sink: backends.sync.clone(),
        clock: std::sync::Arc::new(SystemClock),
        calendar: config.calendar,
        cancel: CancellationToken::new(),
    }
}

fn of_state(state: &State, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    let as_of = state.caught_up_at.map_or_else(
        || "never as in the source".to_owned(),
        |at| format!("as in the source {}", ago(now.seconds_since(at))),
    );
    lines.push(match (&state.position, &state.copying) {
        (_, Some(_)) => "the first load is not finished".to_owned(),
        (Some(position), None) => format!("following, at {position}; {as_of}"),
        (None, None) => format!("loaded by `server sync`; {as_of}"),
    });
    if let Some(waiting) = &state.waiting {
        lines.push(format!("the stream stands still: {waiting}"));
    }
    if let Some(healed) = &state.healed {
        let orders = counted(healed.orders, "order");
        lines.push(format!(
            "{orders} put right at {}: {}",
            healed.at.relative_to(now.day()),
            healed.reason
        ));
    }
    if let Some(drift) = &state.drift {
        lines.push(drift.sentence(now));
    }
    let refused = state.refused.len() as u64;
    if let Some((key, reason)) = state.refused.first_key_value() {
        let rows = counted(refused, "row");
        lines.push(format!(
            "{rows} cannot be read as orders, the first has the key {key}: {reason}"
        ));
    }
    lines
}

fn of_health(health: &Health, follows: bool) -> Vec<String> {
    let mut lines: Vec<String> = health.warnings.clone();
    let Some(slot) = &health.slot else {
        if follows {
            lines.push("the slot is gone: the next --follow compares every order".to_owned());
        }
        return lines;
    };
    let SlotHealth {
        active,
        wal_status,
        retained_bytes,
        safe_wal_size,
        ..
    } = slot;
    let bytes = |bytes: &i64| size(bytes.unsigned_abs());
    lines.push(format!(
        "the slot {} read and keeps {} of log (wal_status {}, {})",
        if *active { "is being" } else { "is not being" },
        retained_bytes
            .as_ref()
            .map_or_else(|| "an unknown part".to_owned(), bytes),
        wal_status.as_deref().unwrap_or("unknown"),
        safe_wal_size.as_ref().map_or_else(
            || "max_slot_wal_keep_size sets no limit: a slot that nobody reads fills the disk"
                .to_owned(),
            |safe| format!("{} until it is lost", size(safe.unsigned_abs())),
        ),
    ));
    lines
}

/// The result of `attempt`, or why there is none before the deadline.
async fn in_time<T, E: std::error::Error>(
    deadline: Instant,
    attempt: impl Future<Output = Result<T, E>>,
) -> Result<T, String> {
    match timeout_at(deadline, attempt).await {
        Ok(answer) => answer.map_err(|error| with_causes(&error)),
        Err(_) => Err(format!("no answer within {} s", CHECK_TIMEOUT.as_secs())),
    }
}

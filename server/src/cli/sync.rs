use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use app::model::Drift;
use app::model::number::counted;
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::Outcome;
use super::output::{complain, say};
use super::progress::Progress;
use super::signals::cancelled_by_signal;
use crate::backends::Backends;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, SourceConfig};
use crate::sync::{self, Job, Loaded, NAME, SyncError};

/// Bring the orders from PostgreSQL (SOURCE_URI).
///
/// Without options it loads what has changed since the last time, for cron. The view that
/// SOURCE_ORDERS names (default dashboard_orders) gives the orders; --plan prints the SQL for it. The
/// exit code is 1 for a failure and for drift, 3 when another sync is following.
#[derive(Args, Debug)]
pub struct Sync {
    /// Load the whole window again; readers see orders all the time
    #[arg(long, group = "mode")]
    full: bool,
    /// Follow every change until Ctrl-C or SIGTERM
    #[arg(long, group = "mode")]
    follow: bool,
    /// Compare every order of the window, and change nothing
    #[arg(long, group = "mode")]
    compare: bool,
    /// Compare, and read again what differs
    #[arg(long, group = "mode")]
    repair: bool,
    /// Print the SQL for the owner of the source, and what of it is there; run nothing
    #[arg(long, group = "mode")]
    plan: bool,
    /// Give the slot back: one that nobody reads fills the source's disk
    #[arg(long, group = "mode")]
    drop_slot: bool,
    /// Replace orders that come from elsewhere
    #[arg(long, requires = "full")]
    yes: bool,
    /// How many minutes of the last load are read again [default: 5]
    #[arg(long, value_name = "MINUTES")]
    overlap: Option<u32>,
    #[command(flatten)]
    names: Names,
}

/// Two stores that follow one source need two slots.
#[derive(Args, Debug)]
pub struct Names {
    /// The replication slot in the source
    #[arg(long, default_value = NAME)]
    slot: String,
    /// The publication in the source
    #[arg(long, default_value = NAME)]
    publication: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            slot: NAME.to_owned(),
            publication: NAME.to_owned(),
        }
    }
}

impl Sync {
    pub async fn run(self, config: Config) -> Outcome {
        let cancel = cancelled_by_signal()?;
        let source = source(&config)?;
        let backends = Backends::open(&config).await?;
        let clock = Arc::new(SystemClock);
        let job = job(source, self.names, &config, &backends, clock, cancel);
        let mode = Mode {
            yes: self.yes,
            overlap: self
                .overlap
                .map(|minutes| Duration::from_secs(60 * u64::from(minutes))),
        };
        let done = if self.plan {
            say!("{}", sync::plan(&job).await?);
            Ok(ExitCode::SUCCESS)
        } else if self.follow {
            let followed = sync::follow(&job, |problem| complain!("{problem}; trying again"));
            followed.await.map(|()| ExitCode::SUCCESS)
        } else if self.compare {
            compared(&job).await
        } else if self.repair {
            let repaired = sync::repair_window(&job).await;
            repaired.map(|orders| {
                say!("repaired {}", counted(orders, "order"));
                ExitCode::SUCCESS
            })
        } else if self.drop_slot {
            dropped(&job).await
        } else {
            mode.load(&job, self.full).await
        };
        match done {
            Err(error @ SyncError::Held) => {
                complain!("server: {error}");
                Ok(ExitCode::from(3))
            }
            done => Ok(done?),
        }
    }
}

struct Mode {
    yes: bool,
    overlap: Option<Duration>,
}

impl Mode {
    async fn load(&self, job: &Job, full: bool) -> Result<ExitCode, SyncError> {
        let mut progress = Progress::new();
        let show = |read| progress.show(|| format!("{} read", counted(read, "order")));
        let loaded = match full {
            true => sync::full(job, self.yes, show).await,
            false => {
                let warn = |warning: &str| complain!("{warning}");
                sync::incremental(job, self.overlap, warn, show).await
            }
        };
        progress.clear();
        let Loaded {
            written,
            deleted,
            refused,
        } = loaded?;
        say!(
            "wrote {} from {} into {}, deleted {deleted}",
            counted(written, "order"),
            job.source.location(),
            job.orders
        );
        if refused > 0 {
            complain!(
                "{} cannot be read as orders; `server check` names them",
                counted(refused, "row")
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn compared(job: &Job) -> Result<ExitCode, SyncError> {
    let (drift, differences) = sync::compare_window(job, true).await?;
    for order in &differences {
        say!("{} is {}", order.order_id, order.kind);
    }
    let Drift {
        orders,
        cents,
        days,
        ..
    } = drift;
    say!(
        "{}, {cents} apart over {days} days",
        counted(orders, "order")
    );
    Ok(match orders {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

async fn dropped(job: &Job) -> Result<ExitCode, SyncError> {
    let (slot, location) = (&job.slot, job.source.location());
    match sync::drop_slot(job).await? {
        true => say!("dropped the slot {slot} of {location}"),
        false => say!("nothing to drop: {location} has no slot {slot}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the orders come from; an error without `SOURCE_URI`.
pub(super) fn source(config: &Config) -> Result<SourceConfig, &'static str> {
    let source = config.source.clone();
    source.ok_or("SOURCE_URI is not set: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE")
}

pub(super) fn job(
    source: SourceConfig,
    names: Names,
    config: &Config,
    backends: &Backends,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Job {
    Job {
        source,
        publication: names.publication,
        slot: names.slot,
        orders: backends.orders.clone(),
        sink: backends.sync.clone(),
        clock,
        calendar: config.calendar,
        cancel,
    }
}

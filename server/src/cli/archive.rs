use std::process::ExitCode;

use app::api::ApiError;
use app::model::number::{counted, grouped, size};
use app::model::{ArchiveRun, Month, MonthGuard, MonthState, RunState};
use clap::Args;

use super::Outcome;
use super::job::job;
use super::output::{complain, say};
use super::progress::Progress;
use super::signals::cancelled_by_signal;
use crate::archive::{self, ArchiveJob, ArchivePlan, Begun};
use crate::config::Config;

/// The exit code when another archive job is going on: nothing is wrong, a script can try later.
const BUSY: u8 = 3;

/// Export one month and verify what was stored.
///
/// Each run keeps its own object and receipt, and is then published at the month's well-known path
/// unless that would lose orders. The exit code is 0 when the month is stored and verified, 3 when
/// another archive job is going on, else 1. Ctrl-C interrupts the run.
#[derive(Args, Debug)]
pub struct Archive {
    /// The calendar month to export; this month if not given
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    /// Every month that is over and not archived, oldest first: the nightly job
    #[arg(long, conflicts_with = "month")]
    all_missing: bool,
    /// Publish an earlier run at the month's well-known path, whatever is there now
    #[arg(long, value_name = "RUN_ID", conflicts_with_all = ["month", "all_missing", "dry_run"])]
    publish: Option<String>,
    /// Say what would be exported and where to, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the receipt as JSON, one a line
    #[arg(long)]
    json: bool,
}

impl Archive {
    pub async fn run(self, config: Config) -> Outcome {
        let job = job(&config, cancelled_by_signal()?).await?;
        if let Some(run_id) = &self.publish {
            return self.publish(&job, run_id).await;
        }
        if self.all_missing {
            return self.missing(&job).await;
        }
        self.one(&job, self.month).await
    }

    async fn publish(&self, job: &ArchiveJob, run_id: &str) -> Outcome {
        let Some(run) = job.publish(run_id).await? else {
            return Ok(busy(archive::BUSY));
        };
        self.print(&run, |run| {
            let (name, orders) = (run.month.name(), counted(run.orders, "order"));
            say!("published {name}: {orders} of run {run_id}\n{}", run.object);
        })?;
        Ok(ExitCode::SUCCESS)
    }

    async fn missing(&self, job: &ArchiveJob) -> Outcome {
        let guard = job.guard_now().await;
        let open = |month: &&MonthGuard| matches!(month.state, MonthState::Open { .. });
        // Oldest first, since those are lost first.
        let missing: Vec<Month> = guard
            .iter()
            .rev()
            .filter(open)
            .map(|month| month.month)
            .collect();
        let unknown: Vec<&MonthGuard> = guard.iter().filter(|month| month.is_unknown()).collect();
        if missing.is_empty() && unknown.is_empty() && !self.json {
            say!("nothing to archive: every month that is over is archived and verified");
        }
        let mut codes = Vec::new();
        for month in missing {
            // The others are tried all the same: each is lost on its own.
            let ended = self.one(job, Some(month)).await.unwrap_or_else(|error| {
                complain!("server: {} is not archived: {error}", month.name());
                ExitCode::FAILURE
            });
            codes.push(ended);
        }
        for month in unknown {
            if let MonthState::Unknown { because } = &month.state {
                let name = month.month.name();
                complain!("server: whether {name} has to be archived is not known: {because}");
            }
            codes.push(ExitCode::FAILURE);
        }
        // A failure is not hidden by another job's run.
        let worst = [ExitCode::FAILURE, ExitCode::from(BUSY)];
        let worst = worst.into_iter().find(|code| codes.contains(code));
        Ok(worst.unwrap_or(ExitCode::SUCCESS))
    }

    async fn one(&self, job: &ArchiveJob, month: Option<Month>) -> Outcome {
        if self.dry_run {
            let plan = job.plan(month).await?;
            self.print(&plan, tell)?;
            return Ok(ExitCode::SUCCESS);
        }
        let run = match job.begin(month).await? {
            Begun::Own(run) => to_end(job, run).await?,
            Begun::Joined(run) => {
                let (run_id, name) = (run.run_id, run.month.name());
                let why = format!("run {run_id} is archiving {name}: try again when it has ended");
                return Ok(busy(&why));
            }
            Begun::Busy => return Ok(busy(archive::BUSY)),
        };
        let succeeded = run.state == RunState::Succeeded;
        self.print(&run, receipt)?;
        Ok(match succeeded {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        })
    }

    fn print<T: serde::Serialize>(
        &self,
        said: &T,
        tell: impl FnOnce(&T),
    ) -> Result<(), serde_json::Error> {
        match self.json {
            true => say!("{}", serde_json::to_string(said)?),
            false => tell(said),
        }
        Ok(())
    }
}

fn busy(why: &str) -> ExitCode {
    complain!("server: {why}");
    ExitCode::from(BUSY)
}

async fn to_end(job: &ArchiveJob, run: ArchiveRun) -> Result<ArchiveRun, ApiError> {
    let mut progress = Progress::new();
    let run = job.follow(run, |run| progress.show(|| line(run))).await;
    progress.clear();
    run
}

/// "1,000 of 5,000 orders, 200 KB".
fn line(run: &ArchiveRun) -> String {
    let orders = match run.expected {
        Some(expected) if expected >= run.orders => {
            format!("{} of {}", grouped(run.orders), counted(expected, "order"))
        }
        _ => counted(run.orders, "order"),
    };
    format!("{orders}, {}", size(run.bytes))
}

fn tell(plan: &ArchivePlan) {
    say!(
        "would archive {}: {} from {} to {}\n{}",
        plan.month.name(),
        counted(plan.orders, "order"),
        plan.window.from,
        plan.window.to,
        plan.location
    );
}

fn receipt(run: &ArchiveRun) {
    match run.state {
        RunState::Succeeded => {
            say!(
                "archived {}: {}, {} bytes, CRC32C {}, verified\n{}",
                run.month.name(),
                counted(run.orders, "order"),
                run.bytes,
                run.crc32c.as_deref().unwrap_or_default(),
                run.location
            );
            if let Some(because) = &run.unpublished_because {
                complain!("server: it is kept, but not published: {because}");
            }
        }
        _ => complain!(
            "server: the archive of {} did not succeed: {}",
            run.month.name(),
            run.error.as_deref().unwrap_or("interrupted")
        ),
    }
}

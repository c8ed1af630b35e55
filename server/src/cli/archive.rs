use std::process::ExitCode;
use std::sync::Arc;

use app::model::number::{counted, size};
use app::model::{ArchiveRun, Month, RunState};
use clap::Args;

use super::Outcome;
use super::progress::Progress;
use super::signals::cancelled_by_signal;
use crate::archive::{ArchiveJob, ArchiveParts, Leases};
use crate::backends::Backends;
use crate::calendar::Calendar;
use crate::clock::SystemClock;
use crate::config::Config;

/// Export one month and verify what was stored.
///
/// The exit code is 0 when the month is stored and verified, else 1. Ctrl-C interrupts it; nothing
/// stands under the final name then that was not there before.
#[derive(Args, Debug)]
pub struct Archive {
    /// The calendar month to export; this month if not given
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    /// Print the receipt as JSON
    #[arg(long)]
    json: bool,
}

impl Archive {
    pub async fn run(self, config: Config) -> Outcome {
        let cancel = cancelled_by_signal()?;
        let backends = Backends::open(&config).await?;
        let job = ArchiveJob::beside(ArchiveParts {
            store: backends.orders,
            log: backends.runs,
            leases: Leases {
                store: backends.leases,
                clock: Arc::new(SystemClock),
            },
            objects: backends.objects,
            clock: Arc::new(SystemClock),
            calendar: Calendar::new(config.time_zone),
            cancel,
        });
        let mut progress = Progress::new();
        let run = job
            .run_to_end(self.month, |run| {
                progress.show(|| format!("{}, {}", counted(run.orders, "order"), size(run.bytes)));
            })
            .await;
        progress.clear();
        let run = run?;
        if self.json {
            println!("{}", serde_json::to_string(&run)?);
        } else {
            print(&run);
        }
        Ok(match run.state {
            RunState::Succeeded => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }
}

fn print(run: &ArchiveRun) {
    match run.state {
        RunState::Succeeded => println!(
            "archived {}: {}, {} bytes, CRC32C {}, verified\n{}",
            run.month.name(),
            counted(run.orders, "order"),
            run.bytes,
            run.crc32c.as_deref().unwrap_or_default(),
            run.location
        ),
        _ => eprintln!(
            "server: {} is not archived: {}",
            run.month.name(),
            run.error.as_deref().unwrap_or("interrupted")
        ),
    }
}

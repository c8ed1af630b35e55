use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use super::output::{self, say};
use crate::check::check;
use crate::config::Config;

/// Try every store and say what is wrong.
///
/// Shows where each store is (without secrets), how fast it answers, how many orders there are, what
/// to do, and which months to archive before their orders leave the store. Takes 12 seconds at most.
/// The exit code is 1 when a store is down, 2 when a month must be archived now or that is
/// unknown, else 0.
#[derive(Args, Debug)]
pub struct Check {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub async fn run(self, config: Config) -> Outcome {
        let report = check(&config).await;
        if self.json {
            say!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            output::write(format_args!("{report}"));
        }
        Ok(ExitCode::from(match (report.up, report.is_urgent()) {
            (true, false) => 0,
            (true, true) => 2,
            (false, _) => 1,
        }))
    }
}

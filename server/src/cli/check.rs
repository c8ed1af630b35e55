use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use super::output::{self, say};
use crate::check::check;
use crate::config::Config;

/// Try every store and say what is wrong.
///
/// Shows what is where (without secrets), how fast it answers, how many orders there are and what
/// to do, and which months have to be archived before their orders leave the store. Takes three
/// seconds at most. The exit code is 0 when all stores are up, 2 when they are but a month has to be
/// archived now or it is not known which, else 1.
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

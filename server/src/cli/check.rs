use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::check::check;
use crate::config::Config;

/// Try every store and say what is wrong.
///
/// Shows what is where (without secrets), how fast it answers, how many orders there are and what
/// to do. Takes three seconds at most. The exit code is 0 when all stores are up, else 1.
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
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{report}");
        }
        Ok(if report.up {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

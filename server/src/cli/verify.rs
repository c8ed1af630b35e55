use std::process::ExitCode;

use app::api::ApiError;
use app::model::VerifyReport;
use clap::Args;

use super::Outcome;
use super::job::job;
use super::output::{complain, say};
use super::signals::cancelled_by_signal;
use crate::archive::ArchiveJob;
use crate::config::Config;

/// Read archives back and compare them with their receipts.
///
/// Without a run id it is the newest archive. The outcome is noted in the record of runs. The exit
/// code is 0 when every archive that was read is what was stored, else 1.
#[derive(Args, Debug)]
pub struct Verify {
    /// The run whose archive to verify, as its receipt names it
    #[arg(value_name = "RUN_ID", conflicts_with = "all")]
    run_id: Option<String>,
    /// Verify every run that has succeeded
    #[arg(long)]
    all: bool,
    /// Print a report as JSON, one a line
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub async fn run(self, config: Config) -> Outcome {
        let cancel = cancelled_by_signal()?;
        let job = job(&config, cancel.clone()).await?;
        let work = self.verify(&job);
        cancel.run_until_cancelled(work).await.unwrap_or_else(|| {
            complain!("server: interrupted");
            Ok(ExitCode::FAILURE)
        })
    }

    async fn verify(&self, job: &ArchiveJob) -> Outcome {
        let mut right = true;
        for run_id in self.runs(job).await? {
            match job.verify_run(&run_id).await {
                Ok(report) => {
                    right &= report.outcome.is_intact();
                    self.print(&report)?;
                }
                Err(error) if self.all => {
                    right = false;
                    complain!("server: run {run_id}: {error}");
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(match right {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        })
    }

    async fn runs(&self, job: &ArchiveJob) -> Result<Vec<String>, ApiError> {
        if let Some(run_id) = &self.run_id {
            return Ok(vec![run_id.clone()]);
        }
        let mut runs = job.verifiable().await?;
        if runs.is_empty() {
            return Err(ApiError::invalid(
                "there is nothing to verify: no archive is recorded here; name a RUN_ID",
            ));
        }
        runs.truncate(if self.all { runs.len() } else { 1 });
        Ok(runs.into_iter().map(|run| run.run_id).collect())
    }

    fn print(&self, report: &VerifyReport) -> Result<(), serde_json::Error> {
        if self.json {
            say!("{}", serde_json::to_string(report)?);
        } else {
            let VerifyReport {
                run_id,
                location,
                message,
                ..
            } = report;
            say!("run {run_id}: {message}\n{location}");
        }
        Ok(())
    }
}

use std::error::Error;
use std::fs::File;
use std::io::{Read, stdin};
use std::path::PathBuf;
use std::process::ExitCode;

use app::model::number::counted;
use clap::Args;

use super::Outcome;
use super::output::{complain, say};
use super::progress::Progress;
use crate::backends::Backends;
use crate::config::Config;
use crate::import::{ImportProgress, import};

/// Load orders from JSON Lines, a JSON array or CSV with a header line, each also as gzip.
///
/// Reads what the archive, `mongoexport`, `bq extract` and PostgreSQL's `\copy ... csv header` write. An
/// order replaces the one with the same `order_id`, so importing twice does no harm. What is not an
/// order is reported and left out; the rest is loaded, and the exit code is 1.
#[derive(Args, Debug)]
pub struct Import {
    /// The file to read, or - for standard input
    file: PathBuf,
}

impl Import {
    pub async fn run(self, config: Config) -> Outcome {
        // A wrong file name must not create a store.
        let file: Box<dyn Read + Send> = if self.file.as_os_str() == "-" {
            Box::new(stdin())
        } else {
            Box::new(self.open()?)
        };
        let backends = Backends::open(&config).await?;
        let mut progress = Progress::new();
        let report = import(file, backends.orders.as_ref(), |event| match event {
            ImportProgress::Loaded(orders) => {
                progress.show(|| format!("{} loaded", counted(orders, "order")));
            }
            ImportProgress::Bad(bad) => {
                progress.clear();
                complain!("{}: {}", bad.place, bad.problem);
            }
        })
        .await;
        progress.clear();
        let report = report?;
        if report.removed > 0 {
            say!("removed {}", counted(report.removed, "synthetic order"));
        }
        say!(
            "loaded {} into {}",
            counted(report.loaded, "order"),
            backends.orders
        );
        if report.bad == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        say!("left out {}", counted(report.bad, "bad order"));
        Ok(ExitCode::FAILURE)
    }

    fn open(&self) -> Result<File, Box<dyn Error + Send + Sync>> {
        let path = self.file.display();
        let file =
            File::open(&self.file).map_err(|error| format!("{path} cannot be read: {error}"))?;
        if file.metadata()?.is_dir() {
            return Err(format!("{path} is a folder: expected a file of orders").into());
        }
        Ok(file)
    }
}

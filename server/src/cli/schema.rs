use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use super::output::say;
use crate::archive::COLUMNS;

/// Print the archive's table schema for BigQuery.
///
/// JSON as `bq load --schema` takes it:
/// `server schema > schema.json && bq load --source_format=NEWLINE_DELIMITED_JSON
/// --ignore_unknown_values --schema=schema.json DATASET.orders gs://BUCKET/shopstream/orders/…`
#[derive(Args, Debug)]
pub struct Schema {}

impl Schema {
    pub fn run(self) -> Outcome {
        say!("{}", serde_json::to_string_pretty(&COLUMNS)?);
        Ok(ExitCode::SUCCESS)
    }
}

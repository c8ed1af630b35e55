use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::Outcome;
use crate::bench::{DAYS, Stage, measure_cached, measure_page, measure_scale};
use crate::config::Config;
use crate::generate::Plan;
use crate::http::{Site, router};

/// Measure the page, the cache, the metrics and an archive.
///
/// Uses synthetic orders in embedded stores in a temporary folder.
#[derive(Args, Debug)]
pub struct Bench {
    /// How often to measure the cache and the page
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rounds: u32,
    /// How many orders to generate
    #[arg(long, default_value_t = 20_000)]
    orders: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The folder of the page's files [default: beside the executable]
    #[arg(long, value_name = "FOLDER")]
    site: Option<PathBuf>,
}

impl Bench {
    pub async fn run(self, config: Config) -> Outcome {
        let plan = Plan::new(42, self.orders, DAYS)?;
        let site = Site::find(self.site)?;
        let stage = Stage::open(&config).await?;
        _ = any_spawner::Executor::init_tokio();

        let scale = measure_scale(&stage, plan).await?;
        let cached = measure_cached(stage.assembly.dashboard.as_ref(), self.rounds).await?;
        let page = measure_page(router(stage.assembly.web(site)), self.rounds).await?;
        if self.json {
            let report = json!({ "scale": scale, "cached": cached, "page": page });
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{scale}\n{cached}\n{page}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

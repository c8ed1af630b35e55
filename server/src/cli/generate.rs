use std::process::ExitCode;

use app::model::Timestamp;
use app::model::number::{counted, grouped};
use clap::Args;

use super::Outcome;
use super::progress::Progress;
use crate::backends::Backends;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::generate::{Plan, generate};

/// Fill the store with synthetic orders, or top it up to now.
///
/// The same seed, number and days give the same orders, so generating again adds only those whose
/// time has come since. A store with imported orders is refused.
#[derive(Args, Debug)]
pub struct Generate {
    /// How many orders an empty store gets
    #[arg(long, default_value_t = 500)]
    orders: u64,
    /// Over how many days they are spread, up to now
    #[arg(long, default_value_t = 35)]
    days: u32,
    /// Which orders: another seed gives other ones
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

impl Generate {
    pub async fn run(self, config: Config) -> Outcome {
        let plan = Plan::new(self.seed, self.orders, self.days)?;
        let backends = Backends::open(&config).await?;
        let mut progress = Progress::new();
        let generated = generate(backends.orders.as_ref(), plan, &SystemClock, |written| {
            progress.show(|| format!("{} written", counted(written, "order")));
        })
        .await;
        progress.clear();
        let generated = generated?;
        let total = grouped(backends.orders.count().await?);
        match generated.span {
            Some((from, to)) => println!(
                "wrote {} from {} to {}; {} holds {total}",
                counted(generated.orders, "synthetic order"),
                Timestamp::from(from),
                Timestamp::from(to),
                backends.orders,
            ),
            None => println!(
                "nothing new: {} holds {total} orders up to now",
                backends.orders
            ),
        }
        Ok(ExitCode::SUCCESS)
    }
}

use std::process::ExitCode;

use app::model::Timestamp;
use app::model::number::{counted, grouped};
use clap::Args;
use clap::builder::ArgPredicate;

use super::Outcome;
use super::output::say;
use super::progress::Progress;
use crate::backends::Backends;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::generate::{
    GenerateError, Plan, Story, generate, generate_among_others, generate_story,
};

/// Fill the store with synthetic orders, or top it up to now.
///
/// The same seed, number and days give the same orders, so generating again adds only the orders
/// since then, and lets the others age. A store with other orders is refused unless --yes is given.
#[derive(Args, Debug)]
pub struct Generate {
    /// How many orders to put into an empty store; 20000 with --story
    #[arg(
        long,
        default_value_t = 500,
        default_value_if("story", ArgPredicate::IsPresent, "20000")
    )]
    orders: u64,
    /// How many days before now they cover
    #[arg(long, default_value_t = 35)]
    days: u32,
    /// Another seed gives other orders
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Add them to a store that has other orders; none of those is replaced
    #[arg(long)]
    yes: bool,
    /// What goes wrong in them; serve it with --no-demonstration, or new orders come in
    #[arg(long, conflicts_with = "yes")]
    story: Option<Story>,
}

impl Generate {
    pub async fn run(self, config: Config) -> Outcome {
        let plan = Plan::new(self.seed, self.orders, self.days)?;
        let backends = Backends::open(&config).await?;
        let mut progress = Progress::new();
        let store = backends.orders.as_ref();
        let show = |written| progress.show(|| format!("{} written", counted(written, "order")));
        let generated = match self.story {
            Some(story) => generate_story(store, plan, story, &SystemClock, show).await,
            None if self.yes => generate_among_others(store, plan, &SystemClock, show).await,
            None => generate(store, plan, &SystemClock, show).await,
        };
        progress.clear();
        let generated = match generated {
            Err(error @ GenerateError::NotDemonstration { .. }) => {
                return Err(format!("{error}: {}", instead(&config)).into());
            }
            generated => generated?,
        };
        let total = grouped(backends.orders.count().await?);
        match generated.span {
            Some((from, to)) => say!(
                "wrote {} from {} to {}; {} has {total}",
                counted(generated.orders, "synthetic order"),
                Timestamp::from(from),
                Timestamp::from(to),
                backends.orders,
            ),
            None => say!(
                "nothing new: {} has {total} orders up to now",
                backends.orders
            ),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What to do when the store has other orders.
fn instead(config: &Config) -> &'static str {
    match config.mongo {
        Some(_) => {
            "set MONGODB_URI to another server, unset it to use the embedded store, or add --yes to \
             add synthetic orders to it"
        }
        None => "set DATA_DIR to another folder, or add --yes to add synthetic orders to it",
    }
}

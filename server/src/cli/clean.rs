use std::process::ExitCode;

use app::model::number::counted;
use clap::Args;

use super::Outcome;
use super::output::say;
use crate::backends::Backends;
use crate::config::Config;
use crate::store::OrderStore;

/// Remove the cached answers, and nothing else of a Redis that others use too.
///
/// With --drop-orders --yes the collection of orders is dropped first.
#[derive(Args, Debug)]
pub struct Clean {
    /// Drop MongoDB's collection of orders as well; without --yes only say what that would be
    #[arg(long)]
    drop_orders: bool,
    /// Really drop them
    #[arg(long, requires = "drop_orders")]
    yes: bool,
}

impl Clean {
    pub async fn run(self, config: Config) -> Outcome {
        if self.drop_orders && !self.drop_orders(&config).await? {
            return Ok(ExitCode::FAILURE);
        }
        // Afterwards: before, a server could still cache answers about the orders.
        let Some(redis) = &config.redis else {
            say!("nothing to clean: answers are cached in the server's own process");
            return Ok(ExitCode::SUCCESS);
        };
        let cache = Backends::open_redis(redis)?;
        let removed = cache
            .clean()
            .await
            .map_err(|problem| format!("the cache could not be cleaned: {problem}"))?;
        let keys = counted(removed, "key");
        say!("removed {keys} from {}", cache.location());
        Ok(ExitCode::SUCCESS)
    }

    /// Whether the orders have been dropped.
    async fn drop_orders(
        &self,
        config: &Config,
    ) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        let Some(mongo) = &config.mongo else {
            let file = Backends::database(config);
            return Err(format!(
                "the orders are in {file}, with the record of archive runs: stop the server and \
                 remove the file by hand",
                file = file.display()
            )
            .into());
        };
        let store = Backends::open_mongo(mongo)?;
        let orders = counted(store.count().await?, "order");
        let location = store.location();
        if !self.yes {
            say!(
                "would drop the collection orders with {orders} of {location}: add --yes to do it"
            );
            return Ok(false);
        }
        store.drop_orders().await?;
        say!("dropped the collection orders with {orders} of {location}");
        Ok(true)
    }
}

use std::process::ExitCode;

use app::model::number::counted;
use clap::Args;

use super::Outcome;
use super::output::say;
use crate::backends::Backends;
use crate::config::Config;
use crate::store::OrderStore;

/// Remove the cached answers from Redis, and no other keys.
///
/// --drop-orders --yes drops MongoDB's collection of orders first.
#[derive(Args, Debug)]
pub struct Clean {
    /// Also drop MongoDB's collection of orders; without --yes, only say what would be dropped
    #[arg(long)]
    drop_orders: bool,
    /// Really drop it
    #[arg(long, requires = "drop_orders")]
    yes: bool,
}

impl Clean {
    pub async fn run(self, config: Config) -> Outcome {
        if self.drop_orders && !self.drop_orders(&config).await? {
            return Ok(ExitCode::FAILURE);
        }
        // The cache comes second: a server could still cache answers from the orders.
        let Some(redis) = &config.redis else {
            say!("nothing to clean: the cache is in the server's process");
            return Ok(ExitCode::SUCCESS);
        };
        let cache = Backends::open_redis(redis)?;
        let removed = cache
            .clean()
            .await
            .map_err(|problem| format!("failed to clean the cache: {problem}"))?;
        let keys = counted(removed, "key");
        say!("removed {keys} from {}", cache.location());
        Ok(ExitCode::SUCCESS)
    }

    /// Drops the orders if --yes is given; returns whether it did.
    async fn drop_orders(
        &self,
        config: &Config,
    ) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        let Some(mongo) = &config.mongo else {
            let file = Backends::database(config);
            return Err(format!(
                "the orders are in {file}, together with the archive runs: stop the server and remove \
                 the file by hand",
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

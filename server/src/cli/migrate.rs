use std::process::ExitCode;

use app::model::number::{counted, grouped};
use clap::Args;

use super::Outcome;
use super::output::{complain, say};
use crate::backends::Backends;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::store::mongo::Migration;

/// Say which indexes MongoDB's collection of orders lacks, and make them with --yes.
///
/// One of them lets MongoDB delete orders by itself 35 days after their created_at. Running it
/// again changes nothing. The exit code is 1 when something has to be put right by hand first.
#[derive(Args, Debug)]
pub struct Migrate {
    /// Make the indexes; MongoDB then deletes what is older than 35 days
    #[arg(long)]
    yes: bool,
}

impl Migrate {
    pub async fn run(self, config: Config) -> Outcome {
        let Some(mongo) = &config.mongo else {
            say!("nothing to migrate: the embedded store keeps its own schema");
            return Ok(ExitCode::SUCCESS);
        };
        let store = Backends::open_mongo(mongo)?;
        let location = store.location();
        let migration = store.migration(SystemClock.now()).await?;
        if migration.is_done() {
            say!("nothing to migrate: {location} has every index");
            return Ok(ExitCode::SUCCESS);
        }
        if !migration.indexes.is_empty() {
            if self.yes {
                store.migrate(&migration).await?;
            }
            tell(&migration, location, self.yes);
        }
        complain(&migration);
        Ok(
            if migration.conflicts.is_empty() && migration.duplicate_ids == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            },
        )
    }
}

/// What is made, or would be.
fn tell(migration: &Migration, location: &str, made: bool) {
    let verb = if made { "made" } else { "would make" };
    let collection = if migration.creates_orders {
        "the collection orders and "
    } else {
        ""
    };
    let count = migration.indexes.len() as u64;
    let indexes = if count == 1 { "index" } else { "indexes" };
    say!(
        "{verb} {collection}{} {indexes} in {location}:",
        grouped(count)
    );
    for index in &migration.indexes {
        say!("  {index}");
    }
    if migration.sets_expiry() {
        let orders = counted(migration.would_expire, "order");
        let when = if made {
            "expire now"
        } else {
            "would expire at once"
        };
        say!("orders expire after 35 days: {orders} {when}");
    }
    if !made {
        say!("nothing was changed: add --yes to do it");
    }
}

/// What has to be put right by hand.
fn complain(migration: &Migration) {
    for conflict in &migration.conflicts {
        complain!("server: {conflict}");
    }
    if migration.duplicate_ids > 0 {
        complain!(
            "server: order_id is not unique: {} in several documents; remove all but one of each \
             and migrate again",
            counted(migration.duplicate_ids, "value"),
        );
    }
}

use std::process::ExitCode;

use app::model::number::{counted, grouped};
use clap::Args;

use super::Outcome;
use super::output::{complain, say};
use crate::backends::Backends;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::store::mongo::Migration;

/// Say which indexes MongoDB's collection of orders lacks, and create them with --yes.
///
/// One index lets MongoDB delete orders 35 days after their created_at. Running it again changes
/// nothing. The exit code is 1 when something must be corrected by hand first.
#[derive(Args, Debug)]
pub struct Migrate {
    /// Create the indexes; MongoDB then deletes orders older than 35 days
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
            report(&migration, location, self.yes);
        }
        report_conflicts(&migration);
        Ok(
            if migration.conflicts.is_empty() && migration.duplicate_ids == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            },
        )
    }
}

/// Prints the indexes that were created, or would be.
fn report(migration: &Migration, location: &str, created: bool) {
    let verb = if created { "created" } else { "would create" };
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
        let when = if created {
            "expire now"
        } else {
            "would expire at once"
        };
        say!("orders expire after 35 days: {orders} {when}");
    }
    if !created {
        say!("nothing was changed: add --yes to do it");
    }
}

/// Prints what must be corrected by hand.
fn report_conflicts(migration: &Migration) {
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

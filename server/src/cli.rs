//! The command line: one command a file.

use std::error::Error;
use std::process::ExitCode;

use clap::Subcommand;

use crate::config::Config;

mod archive;
mod bench;
mod check;
mod clean;
mod generate;
mod import;
mod job;
mod migrate;
pub mod output;
mod progress;
mod schema;
mod serve;
mod signals;
mod sync;
pub mod usage;
mod verify;

/// A command's exit code, or an error that is printed on one line.
type Outcome = Result<ExitCode, Box<dyn Error + Send + Sync>>;

/// The commands. The doc comment of a command's type is its `--help`. The default is `serve`.
#[derive(Debug, Subcommand)]
pub enum Command {
    Serve(serve::Serve),
    Generate(generate::Generate),
    Sync(sync::Sync),
    Import(import::Import),
    Archive(archive::Archive),
    Verify(verify::Verify),
    Schema(schema::Schema),
    Check(check::Check),
    Migrate(migrate::Migrate),
    Clean(clean::Clean),
    Bench(bench::Bench),
}

impl Default for Command {
    fn default() -> Self {
        Self::Serve(serve::Serve::default())
    }
}

impl Command {
    /// The default of `RUST_LOG`.
    pub fn default_log(&self) -> &'static str {
        match self {
            // Its errors come back to us, and are reported there.
            Self::Serve(_) | Self::Sync(_) => "warn,pgwire_replication=off",
            // Other commands report problems themselves.
            _ => "error",
        }
    }

    pub async fn run(self, config: Config) -> Outcome {
        match self {
            Self::Serve(serve) => serve.run(config).await,
            Self::Generate(generate) => generate.run(config).await,
            Self::Sync(sync) => Box::pin(sync.run(config)).await,
            Self::Import(import) => import.run(config).await,
            Self::Archive(archive) => archive.run(config).await,
            Self::Verify(verify) => verify.run(config).await,
            Self::Schema(schema) => schema.run(),
            Self::Check(check) => check.run(config).await,
            Self::Migrate(migrate) => migrate.run(config).await,
            Self::Clean(clean) => clean.run(config).await,
            Self::Bench(bench) => bench.run(config).await,
        }
    }
}

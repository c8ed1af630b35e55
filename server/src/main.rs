//! The ShopStream operations dashboard's server.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use server::causes::with_causes;
use server::cli::{Command, output, usage};
use server::config::Config;
use tracing_subscriber::EnvFilter;

/// Serves the ShopStream operations dashboard, and works on the orders behind it.
///
/// Configured by environment variables or a .env file, the environment first: MONGODB_URI (the
/// orders; default: a file in DATA_DIR), REDIS_HOST with REDIS_PORT (default 6379), REDIS_USERNAME,
/// REDIS_PASSWORD, REDIS_TLS (default false) and REDIS_DB (default 0) (the cache; default: this
/// process), GCS_BUCKET_NAME with STORAGE_EMULATOR_HOST (archives; default: a folder in DATA_DIR),
/// LISTEN_ADDR (default 127.0.0.1:3000), DATA_DIR (default data), BUSINESS_TIMEZONE (default UTC),
/// RUST_LOG (default warn).
#[derive(Parser)]
#[command(name = "server", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = match Arguments::try_parse() {
        Ok(arguments) => arguments.command.unwrap_or_default(),
        Err(error) => return usage::refused(&error),
    };
    let result = match Config::from_env() {
        Ok(config) => {
            start_log(config.log.clone());
            command.run(config).await
        }
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => match output::failure() {
            None => code,
            Some(error) => {
                output::write_error(format_args!(
                    "server: not all could be said on standard output: {error}"
                ));
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            output::write_error(format_args!("server: {}", with_causes(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error.
fn start_log(filter: EnvFilter) {
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // In a file, colours are noise.
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

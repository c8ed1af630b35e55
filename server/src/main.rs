//! The server of the ShopStream operations dashboard.

use std::io::IsTerminal;
use std::mem;
use std::process::ExitCode;

use clap::Parser;
use server::causes::with_causes;
use server::cli::{Command, output, usage};
use server::config::Config;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

/// Serve the ShopStream operations dashboard and manage its orders.
///
/// Environment variables configure it, or a .env file; the environment wins. Orders: MONGODB_URI
/// (default: a file in DATA_DIR). Cache: REDIS_HOST (default: this process), REDIS_PORT (6379),
/// REDIS_USERNAME, REDIS_PASSWORD, REDIS_TLS (false), REDIS_DB (0). Archives: GCS_BUCKET_NAME
/// (default: a folder in DATA_DIR), STORAGE_EMULATOR_HOST. Where orders come from: SOURCE_URI,
/// SOURCE_ORDERS, SOURCE_KEYS. Also LISTEN_ADDR (127.0.0.1:3000),
/// DATA_DIR (data), BUSINESS_TIMEZONE (UTC) and RUST_LOG (warn).
#[derive(Parser)]
#[command(name = "server", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

fn main() -> ExitCode {
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::write_error(format_args!("server: failed to start threads: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(run());
    // Not shut down: calls that nobody waits for any more end with the process, because a driver's
    // timer panics when it is asked while the runtime ends.
    mem::forget(runtime);
    code
}

async fn run() -> ExitCode {
    // The build has two, and rustls wants to be told which.
    _ = rustls::crypto::ring::default_provider().install_default();
    let command = match Arguments::try_parse() {
        Ok(arguments) => arguments.command.unwrap_or_default(),
        Err(error) => return usage::explain(&error),
    };
    let result = match Config::from_env() {
        Ok(config) => {
            let default = EnvFilter::new(command.default_log());
            start_log(config.log.clone().unwrap_or(default));
            command.run(config).await
        }
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => match output::failure() {
            None => code,
            Some(error) => {
                output::write_error(format_args!(
                    "server: failed to write to standard output: {error}"
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
        // No colours in a file.
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

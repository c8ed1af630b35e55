//! The ShopStream operations dashboard's server.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use server::causes::with_causes;
use server::cli::Command;
use server::config::Config;

/// Serves the ShopStream operations dashboard, and works on the orders behind it.
///
/// Configured by environment variables or a .env file: LISTEN_ADDR (default 127.0.0.1:3000),
/// DATA_DIR (default data), BUSINESS_TIMEZONE (default UTC).
#[derive(Parser)]
#[command(name = "server", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or_default();
    start_log();
    let result = match Config::from_env() {
        Ok(config) => command.run(config).await,
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("server: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error; RUST_LOG says what, warnings by default.
fn start_log() {
    use tracing_subscriber::EnvFilter;

    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // In a file, colours are noise.
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

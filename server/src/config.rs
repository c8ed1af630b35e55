//! The configuration: every variable, its default, and what is wrong with a value.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use thiserror::Error;
use tracing_subscriber::EnvFilter;

mod env_file;
mod gcs;
mod mongo;
mod public_url;
mod redis;
mod secret;
mod source;
mod value;

pub use gcs::GcsConfig;
pub use mongo::{DATABASE, MongoConfig};
pub use public_url::PublicUrl;
pub use redis::RedisConfig;
pub use secret::Secret;
pub use source::{KeyColumn, SourceConfig};

use crate::calendar::Calendar;
use value::Variables;

/// Far more than there are readers. Not 0: the compiler would say so.
const DEFAULT_MAX_CONNECTIONS: NonZeroU32 = NonZeroU32::new(4_096).unwrap();

/// The configuration, from the environment or from a `.env` file in the working directory or above
/// it. The environment wins, even with an empty variable, which counts as not set but for
/// `NOT_REVENUE_STATUSES`. A value that still contains a placeholder (`YOUR_…`) is refused.
#[derive(Clone, Debug)]
pub struct Config {
    /// `LISTEN_ADDR`: where the page is served. Default `127.0.0.1:3000`; port 0 picks a free one.
    pub listen_addr: SocketAddr,
    /// `PUBLIC_URL`: the address that people open, where a proxy stands before the server. Default:
    /// whatever address the server is asked at.
    pub public_url: Option<PublicUrl>,
    /// `MAX_CONNECTIONS`: how many connections are answered at once. Default 4096.
    pub max_connections: NonZeroU32,
    /// `DATA_DIR`: the folder of the embedded store and of the local archive. Default `data`, in the
    /// working directory; created when it is needed.
    pub data_dir: PathBuf,
    /// `BUSINESS_TIMEZONE`: the time zone of business days, an IANA name. Default `UTC`.
    pub calendar: Calendar,
    /// `NOT_REVENUE_STATUSES`: the statuses whose orders bring no revenue, with commas between them;
    /// here in lower case. Default `returned`. Empty: all orders are revenue.
    pub not_revenue_statuses: Vec<String>,
    /// `MONGODB_URI`: where the orders are. Default: the embedded store.
    pub mongo: Option<MongoConfig>,
    /// `REDIS_HOST`, with `REDIS_PORT` (6379), `REDIS_USERNAME`, `REDIS_PASSWORD`, `REDIS_TLS`
    /// (`false`) and `REDIS_DB` (0): where answers are cached. Default: in this process.
    pub redis: Option<RedisConfig>,
    /// `GCS_BUCKET_NAME`, with `STORAGE_EMULATOR_HOST` for an emulator: where archives go. Default:
    /// the local folder.
    pub gcs: Option<GcsConfig>,
    /// `SOURCE_URI`, with `SOURCE_ORDERS` (`dashboard_orders`) and `SOURCE_KEYS`: the PostgreSQL that
    /// `server sync` reads the orders from. Default: none.
    pub source: Option<SourceConfig>,
    /// `RUST_LOG`: what is logged to standard error. Default `warn` for `server serve` and
    /// `server sync`, and `error` for the other commands, which report problems themselves.
    pub log: Option<EnvFilter>,
}

/// A variable's value cannot be used, or the `.env` file cannot be read.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("failed to parse {variable}: expected {expected}, found \"{found}\"")]
    Value {
        variable: &'static str,
        expected: &'static str,
        found: String,
    },
    /// A value that may contain a secret, so it is not shown.
    #[error("failed to parse {variable}: {problem}")]
    Problem {
        variable: &'static str,
        problem: String,
    },
    #[error("failed to read {path}: {problem}", path = path.display())]
    File { path: PathBuf, problem: String },
}

impl Config {
    /// Reads the environment and the `.env` file.
    pub fn from_env() -> Result<Self, ConfigError> {
        let file = env_file::read()?;
        Self::from_variables(|name| {
            let set = std::env::var_os(name);
            set.or_else(|| file.get(name).map(OsString::from))
        })
    }

    /// Reads the variables through `get`.
    pub fn from_variables(get: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let variables = Variables::new(&get);
        Ok(Self {
            listen_addr: variables
                .parse("LISTEN_ADDR", "an address like 127.0.0.1:3000")?
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            public_url: PublicUrl::read(&variables)?,
            max_connections: variables
                .parse("MAX_CONNECTIONS", "a number from 1")?
                .unwrap_or(DEFAULT_MAX_CONNECTIONS),
            // A path need not be UTF-8.
            data_dir: variables
                .raw("DATA_DIR")?
                .map_or_else(|| PathBuf::from("data"), PathBuf::from),
            calendar: variables
                .parse("BUSINESS_TIMEZONE", "an IANA name like Europe/Berlin")?
                .unwrap_or(Calendar::UTC),
            not_revenue_statuses: variables
                .words("NOT_REVENUE_STATUSES")?
                .unwrap_or_else(|| vec!["returned".to_owned()]),
            mongo: MongoConfig::read(&variables)?,
            redis: RedisConfig::read(&variables)?,
            gcs: GcsConfig::read(&variables)?,
            source: SourceConfig::read(&variables)?,
            log: variables.parse("RUST_LOG", "a filter like info or server=debug")?,
        })
    }
}

#[cfg(test)]
mod tests;

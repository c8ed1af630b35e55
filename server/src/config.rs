//! What the environment decides: every variable, its default, and what is wrong with its value.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::PathBuf;

use chrono_tz::Tz;
use thiserror::Error;
use tracing_subscriber::EnvFilter;

mod gcs;
mod mongo;
mod redis;
mod secret;

pub use gcs::{BadGcsConfig, GcsConfig};
pub use mongo::{DATABASE, MongoConfig};
pub use redis::RedisConfig;
pub use secret::Secret;

/// Variables of stores that this version cannot use. To ignore them would show other data than
/// was asked for.
const NOT_YET: [&str; 3] = ["MONGODB_URI", "REDIS_HOST", "GCS_BUCKET_NAME"];

/// The configuration, from the environment or a `.env` file in the working directory or above it;
/// the environment wins. An empty variable counts as not set.
#[derive(Clone, Debug)]
pub struct Config {
    /// `LISTEN_ADDR`: where the page is served. Default `127.0.0.1:3000`; port 0 takes a free one.
    pub listen_addr: SocketAddr,
    /// `DATA_DIR`: the embedded store's file, and the local archive under `archive/`. Default
    /// `data`, in the working directory; created if missing.
    pub data_dir: PathBuf,
    /// `BUSINESS_TIMEZONE`: where business days begin and end, an IANA name. Default `UTC`.
    pub time_zone: Tz,
    /// `MONGODB_URI`: where the orders are; none is the embedded store.
    pub mongo: Option<MongoConfig>,
    /// `REDIS_…`: where answers are cached; none is this process.
    pub redis: Option<RedisConfig>,
    /// `RUST_LOG`: what is logged to standard error. Default `warn`.
    pub log: EnvFilter,
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
    #[error("{variable} is set, but this version knows only the embedded stores: unset it")]
    NotYet { variable: &'static str },
    #[error("failed to read .env: {0}")]
    File(String),
}

impl Config {
    /// Reads the environment and the `.env` file.
    pub fn from_env() -> Result<Self, ConfigError> {
        // Kept, because dotenvy takes a variable that is not UTF-8 for one that is not set.
        let environment: HashMap<OsString, OsString> = std::env::vars_os().collect();
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            // The parser's error quotes the line, which may hold a secret.
            Err(dotenvy::Error::LineParse(_, at)) => {
                let problem = format!("syntax error at character {} of a line", at + 1);
                return Err(ConfigError::File(problem));
            }
            Err(error) => return Err(ConfigError::File(error.to_string())),
        }
        Self::from_variables(|name| {
            let set = environment.get(OsStr::new(name)).cloned();
            set.or_else(|| std::env::var_os(name))
        })
    }

    /// Reads the variables that `get` gives.
    pub fn from_variables(get: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        if let Some(variable) = NOT_YET.into_iter().find(|name| get(name).is_some()) {
            return Err(ConfigError::NotYet { variable });
        }
        let value = |variable, expected, default: &str| Value {
            variable,
            expected,
            text: get(variable).unwrap_or_else(|| default.into()),
        };
        Ok(Self {
            listen_addr: value(
                "LISTEN_ADDR",
                "an address like 127.0.0.1:3000",
                "127.0.0.1:3000",
            )
            .parse()?,
            // A path need not be UTF-8.
            data_dir: get("DATA_DIR").map_or_else(|| PathBuf::from("data"), PathBuf::from),
            time_zone: value(
                "BUSINESS_TIMEZONE",
                "an IANA name like Europe/Berlin",
                "UTC",
            )
            .parse()?,
            mongo: None,
            redis: None,
            log: value("RUST_LOG", "a filter like info or server=debug", "warn").parse()?,
        })
    }
}

struct Value {
    variable: &'static str,
    expected: &'static str,
    text: OsString,
}

impl Value {
    fn parse<T: std::str::FromStr>(self) -> Result<T, ConfigError> {
        let parsed = self.text.to_str().and_then(|text| text.parse().ok());
        parsed.ok_or_else(|| ConfigError::Value {
            variable: self.variable,
            expected: self.expected,
            found: self.text.to_string_lossy().into_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
        Config::from_variables(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| OsString::from(value))
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_gives_the_defaults() {
        let config = read(&[("BUSINESS_TIMEZONE", "")]).expect("a configuration");
        assert_eq!(config.listen_addr.to_string(), "127.0.0.1:3000");
        assert_eq!(config.data_dir, PathBuf::from("data"));
        assert_eq!(config.time_zone, Tz::UTC);
    }

    #[test]
    fn values_are_taken() {
        let config = read(&[
            ("BUSINESS_TIMEZONE", "Europe/Berlin"),
            ("LISTEN_ADDR", "[::1]:0"),
        ]);
        let config = config.expect("a configuration");
        assert_eq!(config.time_zone, Tz::Europe__Berlin);
        assert_eq!(config.listen_addr.port(), 0);
    }

    #[test]
    fn a_bad_value_is_named_with_its_variable() {
        assert_eq!(
            read(&[("BUSINESS_TIMEZONE", "Europe/Atlantis")]).unwrap_err(),
            "failed to parse BUSINESS_TIMEZONE: expected an IANA name like Europe/Berlin, \
             found \"Europe/Atlantis\""
        );
        assert!(
            read(&[("LISTEN_ADDR", "3000")])
                .unwrap_err()
                .contains("LISTEN_ADDR")
        );
    }

    #[cfg(unix)]
    #[test]
    fn text_that_is_not_utf_8_is_not_ignored() {
        use std::os::unix::ffi::OsStringExt;

        let read = |variable: &str| {
            let value = OsString::from_vec(vec![b'x', 0xff]);
            Config::from_variables(|name| (name == variable).then(|| value.clone()))
        };
        let config = read("DATA_DIR").expect("a configuration");
        assert_eq!(config.data_dir.as_os_str().len(), 2);
        for variable in ["BUSINESS_TIMEZONE", "LISTEN_ADDR", "RUST_LOG"] {
            let error = read(variable).unwrap_err().to_string();
            assert!(error.contains(variable), "{error}");
        }
        read("MONGODB_URI").unwrap_err();
    }

    #[test]
    fn stores_of_later_versions_are_not_ignored() {
        let error = read(&[("MONGODB_URI", "mongodb://user:secret@host")]).unwrap_err();
        assert!(
            error.contains("MONGODB_URI") && !error.contains("secret"),
            "{error}"
        );
    }
}

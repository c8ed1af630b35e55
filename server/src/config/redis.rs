//! Redis, the cache of production.

use std::net::IpAddr;
use std::num::NonZero;

use super::value::{Variables, problem};
use super::{ConfigError, Secret};

const DEFAULT_PORT: u16 = 6379;
const EXPECTED_HOST: &str = "expected a host name or an IP address alone: set the port as REDIS_PORT, the user as \
     REDIS_USERNAME, the password as REDIS_PASSWORD, and REDIS_TLS=true for rediss://";

/// A Redis server. Without `REDIS_HOST` the other variables are not read: Kubernetes sets a
/// `REDIS_PORT` of its own where a service is named redis.
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// `REDIS_HOST`: a host name or an IP address, without a port.
    pub host: String,
    /// `REDIS_PORT`: 1 to 65535, default 6379.
    pub port: u16,
    /// `REDIS_USERNAME`: an ACL user, by default Redis' default user.
    pub username: Option<String>,
    /// `REDIS_PASSWORD`: by default none.
    pub password: Option<Secret>,
    /// `REDIS_TLS`: `true` or `false` (the default).
    pub tls: bool,
    /// `REDIS_DB`: the number of the database, default 0.
    pub database: u32,
}

impl RedisConfig {
    /// Reads the variables; `None` without `REDIS_HOST`. Does not connect.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        // Errors do not quote the host: people set it to a URL with a password in it.
        let Some(host) = variables.secret("REDIS_HOST")? else {
            return Ok(None);
        };
        let host = host.expose();
        if !is_host(host) {
            return Err(problem("REDIS_HOST", EXPECTED_HOST));
        }
        let port = variables.parse::<NonZero<u16>>("REDIS_PORT", "a port from 1 to 65535")?;
        let username = variables.secret("REDIS_USERNAME")?;
        Ok(Some(Self {
            host: host.to_owned(),
            port: port.map_or(DEFAULT_PORT, NonZero::get),
            username: username.map(|name| name.expose().to_owned()),
            password: variables.secret("REDIS_PASSWORD")?,
            tls: variables
                .parse("REDIS_TLS", "true or false")?
                .unwrap_or(false),
            database: variables
                .parse("REDIS_DB", "the number of a database, from 0")?
                .unwrap_or(0),
        }))
    }
}

fn is_host(host: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    host.parse::<IpAddr>().is_ok() || host.bytes().all(in_name)
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn hosts_are_names_and_addresses() {
        for host in [
            "localhost",
            "redis.example.com.",
            "redis_1",
            "10.0.0.1",
            "::1",
        ] {
            assert!(is_host(host), "{host}");
        }
        for other in [
            "redis://:hunter2@host:6379",
            "host:6379",
            "[::1]:6379",
            "two hosts",
            "/run/redis.sock",
            "a,b",
        ] {
            assert!(!is_host(other), "{other}");
        }
    }
}

//! Where computed answers are kept, if not in this process.

use std::net::IpAddr;

use super::value::{Variables, problem};
use super::{ConfigError, Secret};

/// Redis' own.
const DEFAULT_PORT: u16 = 6379;
/// The longest name that DNS knows.
const LONGEST_NAME: usize = 253;

/// A Redis server. Nothing but `REDIS_HOST` has to be set, and without it none of the others is
/// read: Kubernetes sets a `REDIS_PORT` of its own wherever a service has that name.
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// `REDIS_HOST`: a host name or an IP address, without port.
    pub host: String,
    /// `REDIS_PORT`: 1 to 65535, default 6379.
    pub port: u16,
    /// `REDIS_USERNAME`: an ACL user; none is the default user.
    pub username: Option<String>,
    /// `REDIS_PASSWORD`: none connects without.
    pub password: Option<Secret>,
    /// `REDIS_TLS`: `true` or `false` (the default).
    pub tls: bool,
    /// `REDIS_DB`: the number of the database, 0 by default.
    pub database: u32,
}

impl RedisConfig {
    /// Reads the variables; `None` without `REDIS_HOST`.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        // Not quoted in errors: people put whole URLs there, with their passwords.
        let Some(host) = variables.secret("REDIS_HOST")? else {
            return Ok(None);
        };
        let host = host.expose();
        check_host(host).map_err(|what| problem("REDIS_HOST", what))?;
        let port = variables.parse::<u16>("REDIS_PORT", PORT)?;
        if port == Some(0) {
            return Err(ConfigError::Value {
                variable: "REDIS_PORT",
                expected: PORT,
                found: "0".to_owned(),
            });
        }
        let username = variables.secret("REDIS_USERNAME")?;
        Ok(Some(Self {
            host: host.to_owned(),
            port: port.unwrap_or(DEFAULT_PORT),
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

const PORT: &str = "a port from 1 to 65535";

/// What is wrong with a host, without quoting it.
fn check_host(host: &str) -> Result<(), &'static str> {
    if host.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    if host.contains("://") || host.contains('@') {
        return Err(
            "expected a host name like redis.example.com, found a URL: write its port to \
             REDIS_PORT, its user to REDIS_USERNAME, its password to REDIS_PASSWORD, and for \
             rediss:// set REDIS_TLS=true",
        );
    }
    if host.contains(char::is_whitespace) {
        return Err("expected a host name like redis.example.com, found spaces");
    }
    if host.contains(':') {
        return Err(
            "expected a host name like redis.example.com or an address like ::1 without \
             brackets: write the port to REDIS_PORT",
        );
    }
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name = host.len() <= LONGEST_NAME
        && host.bytes().all(known)
        && host.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !host.starts_with(['-', '.'])
        && !host.contains("..");
    if is_name {
        Ok(())
    } else {
        Err("expected a host name like redis.example.com or an IP address")
    }
}

#[cfg(test)]
mod tests {
    use super::check_host;

    #[test]
    fn names_and_addresses_are_hosts() {
        for host in [
            "localhost",
            "redis.example.com.",
            "redis_1",
            "10.0.0.1",
            "::1",
            "fe80::1",
        ] {
            assert_eq!(check_host(host), Ok(()), "{host}");
        }
    }

    #[test]
    fn what_is_no_host_says_what_to_write() {
        for (host, part) in [
            ("redis://:hunter2@host:6379", "REDIS_PASSWORD"),
            ("rediss://host", "REDIS_TLS=true"),
            (":hunter2@host", "REDIS_PASSWORD"),
            ("host:6379", "REDIS_PORT"),
            ("[::1]:6379", "REDIS_PORT"),
            ("two hosts", "spaces"),
            ("host ", "spaces"),
            ("/run/redis.sock", "an IP address"),
            ("-", "an IP address"),
            ("a..b", "an IP address"),
            ("höst", "an IP address"),
            ("a,b", "an IP address"),
        ] {
            let problem = check_host(host).unwrap_err();
            assert!(problem.contains(part), "{host}: {problem}");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
        check_host(&"a".repeat(254)).unwrap_err();
    }
}

//! Connecting to Redis.

use std::time::Duration;

use redis::aio::ConnectionManagerConfig;
use redis::io::tcp::TcpSettings;
use redis::{
    Client, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo, RedisResult, TlsCertificates,
};

use crate::config::{RedisConfig, Secret};

/// The address without secrets: "redis://host:6379/0", or "rediss" with TLS.
pub fn location(config: &RedisConfig) -> String {
    let scheme = if config.tls { "rediss" } else { "redis" };
    let (port, database) = (config.port, config.database);
    let host = &config.host;
    if host.contains(':') {
        return format!("{scheme}://[{host}]:{port}/{database}");
    }
    format!("{scheme}://{host}:{port}/{database}")
}

/// A client that has not connected yet. It trusts the PEM certificates `roots`, by default those of
/// the system.
pub fn client(config: &RedisConfig, roots: Option<&[u8]>) -> RedisResult<Client> {
    if config.tls {
        // The build has two, and the library asks for the one that was chosen.
        _ = rustls::crypto::ring::default_provider().install_default();
    }
    let mut login = RedisConnectionInfo::default().set_db(i64::from(config.database));
    if let Some(username) = &config.username {
        login = login.set_username(username);
    }
    if let Some(password) = config.password.as_ref().map(Secret::expose) {
        login = login.set_password(password);
    }
    let info = address(config)
        .into_connection_info()?
        .set_tcp_settings(TcpSettings::default().set_nodelay(true))
        .set_redis_settings(login);
    let Some(roots) = roots.filter(|_| config.tls) else {
        return Client::open(info);
    };
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(roots.to_vec()),
    };
    Client::build_with_tls(info, certificates)
}

fn address(config: &RedisConfig) -> ConnectionAddr {
    let (host, port) = (config.host.clone(), config.port);
    if !config.tls {
        return ConnectionAddr::Tcp(host, port);
    }
    ConnectionAddr::TcpTls {
        host,
        port,
        insecure: false,
        tls_params: None,
    }
}

/// Short timeouts: a slow cache does not help.
pub fn manager() -> ConnectionManagerConfig {
    ConnectionManagerConfig::new()
        .set_connection_timeout(Some(Duration::from_millis(200)))
        .set_response_timeout(Some(Duration::from_millis(100)))
        .set_number_of_retries(1)
        .set_min_delay(Duration::from_millis(10))
        .set_max_delay(Duration::from_millis(50))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_location_has_no_secrets() {
        let mut config = RedisConfig {
            host: "cache.example".to_owned(),
            port: 6379,
            username: Some("dashboard".to_owned()),
            password: Some(Secret::new("hunter2")),
            tls: false,
            database: 0,
        };
        assert_eq!(location(&config), "redis://cache.example:6379/0");
        config.tls = true;
        config.host = "::1".to_owned();
        config.database = 3;
        assert_eq!(location(&config), "rediss://[::1]:6379/3");
    }
}

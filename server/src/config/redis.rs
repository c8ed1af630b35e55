//! Where computed answers are kept, if not in this process.

use super::Secret;

/// A Redis server.
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// `REDIS_HOST`: a host name or address.
    pub host: String,
    /// `REDIS_PORT`: default 6379.
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

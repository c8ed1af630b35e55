//! Errors of Redis in words: what to do, without secrets.

use std::error::Error;
use std::io;
use std::sync::Arc;

use app::model::Trouble;
use redis::{ErrorKind, RedisError};

use crate::config::RedisConfig;

/// Words that name the variables in use.
pub struct Words {
    host: String,
    database: u32,
    tls: bool,
    username: bool,
}

impl Words {
    pub fn of(config: &RedisConfig) -> Self {
        Self {
            host: config.host.clone(),
            database: config.database,
            tls: config.tls,
            username: config.username.is_some(),
        }
    }

    /// The error on one line.
    pub fn say(&self, error: &RedisError) -> String {
        match error.kind() {
            ErrorKind::AuthenticationFailed => self.login().to_owned(),
            ErrorKind::Io => self.unreachable(error),
            ErrorKind::Parse => {
                "the server is not Redis: check REDIS_PORT and REDIS_TLS".to_owned()
            }
            ErrorKind::Server(_) | ErrorKind::Extension => self.refused(error),
            kind => format!("the connection cannot be used ({kind:?}): check REDIS_HOST"),
        }
    }

    fn login(&self) -> &'static str {
        if self.username {
            "REDIS_USERNAME or REDIS_PASSWORD is wrong, or the user is disabled: correct them"
        } else {
            "REDIS_PASSWORD is wrong: correct it, or unset it if the server has none"
        }
    }

    fn refused(&self, error: &RedisError) -> String {
        let (code, detail) = code(error);
        match code.as_str() {
            "NOAUTH" => "the server requires a password: set REDIS_PASSWORD".to_owned(),
            "WRONGPASS" => self.login().to_owned(),
            "NOPERM" => {
                "the user lacks permissions: allow REDIS_USERNAME +@read +@write +@transaction \
                 +@scripting on ~dashboard:* and ~{dashboard:*"
                    .to_owned()
            }
            "LOADING" => "the server is still loading its data: wait".to_owned(),
            "READONLY" => {
                "the server is a read-only replica: set REDIS_HOST to its primary".to_owned()
            }
            "OOM" => "the server's memory is full: raise its maxmemory, or let it evict keys \
                      (maxmemory-policy)"
                .to_owned(),
            "MISCONF" => {
                "the server cannot save its data and refuses writes: see its log".to_owned()
            }
            "MOVED" | "ASK" | "CROSSSLOT" | "CLUSTERDOWN" => format!(
                "the server is part of a cluster ({code}): set REDIS_HOST to a single server"
            ),
            "ERR" if self.database != 0 && detail.contains("DB index") => {
                let database = self.database;
                format!("the server has no database REDIS_DB={database}: choose another")
            }
            _ if detail.is_empty() => format!("the server refused: {code}"),
            _ => format!("the server refused: {code} {detail}"),
        }
    }

    fn unreachable(&self, error: &RedisError) -> String {
        use io::ErrorKind as Kind;

        let host = &self.host;
        if error.is_timeout() {
            let hint = if self.tls {
                "it may not use TLS: check REDIS_TLS"
            } else {
                "check REDIS_HOST and REDIS_PORT"
            };
            return format!("REDIS_HOST={host} does not answer in time; if this goes on, {hint}");
        }
        match io_error(error).map(io::Error::kind) {
            Some(Kind::ConnectionRefused) => format!(
                "REDIS_HOST={host} refuses the connection: start the server, or correct REDIS_HOST and \
                 REDIS_PORT"
            ),
            Some(Kind::InvalidData) if self.tls => format!(
                "REDIS_HOST={host}: TLS failed ({error}): check the server's certificate and REDIS_TLS"
            ),
            Some(Kind::BrokenPipe | Kind::ConnectionReset | Kind::UnexpectedEof) | None => {
                let hint = if self.tls {
                    "not use TLS"
                } else {
                    "require TLS"
                };
                format!(
                    "REDIS_HOST={host} closed the connection; if this goes on, the server may {hint}: \
                     check REDIS_TLS"
                )
            }
            Some(_) => format!("REDIS_HOST={host} cannot be reached: {error}: check REDIS_HOST"),
        }
    }
}

/// The cause. The library may return it inside an `Arc`.
fn io_error(error: &RedisError) -> Option<&io::Error> {
    let source = error.source()?;
    let shared = source.downcast_ref::<Arc<dyn Error + Send + Sync>>();
    match shared {
        Some(shared) => shared.downcast_ref(),
        None => source.downcast_ref(),
    }
}

/// Whether the error may end by itself or somebody must act. An answer that was cut off looks like one
/// of another program, so it counts as one that may end.
pub fn kind(error: &RedisError) -> Trouble {
    match error.kind() {
        ErrorKind::AuthenticationFailed => Trouble::Refused,
        ErrorKind::Server(_) | ErrorKind::Extension => match code(error).0.as_str() {
            "LOADING" | "BUSY" | "MASTERDOWN" | "TRYAGAIN" | "CLUSTERDOWN" => Trouble::Away,
            "OOM" | "READONLY" | "MISCONF" => Trouble::Unwritable,
            _ => Trouble::Refused,
        },
        _ => Trouble::Away,
    }
}

/// The server's code and words. If a transaction was aborted, the first refused command has them.
fn code(error: &RedisError) -> (String, String) {
    let parts = error.clone().into_server_errors();
    if let Some((_, first)) = parts.as_ref().and_then(|parts| parts.first()) {
        let detail = first.details().unwrap_or_default();
        return (first.code().to_owned(), detail.to_owned());
    }
    let code = error.code().unwrap_or("ERR").to_owned();
    (code, error.detail().unwrap_or_default().to_owned())
}

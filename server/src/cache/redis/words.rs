//! What an error of the server means, and what to do about it. Without secrets.

use std::error::Error;
use std::io;
use std::sync::Arc;

use app::model::Trouble;
use redis::{ErrorKind, RedisError};

use crate::config::RedisConfig;

/// Knows which variables are set.
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

    /// The error in one line.
    pub fn say(&self, error: &RedisError) -> String {
        match error.kind() {
            ErrorKind::AuthenticationFailed => self.login().to_owned(),
            ErrorKind::Io => self.unreachable(error),
            ErrorKind::Parse => {
                "what answers is no Redis: check REDIS_PORT, and REDIS_TLS".to_owned()
            }
            ErrorKind::Server(_) | ErrorKind::Extension => self.refused(error),
            kind => format!("the connection cannot be used ({kind:?}): check REDIS_HOST"),
        }
    }

    fn login(&self) -> &'static str {
        if self.username {
            "REDIS_USERNAME or REDIS_PASSWORD is wrong, or the user is off: correct them"
        } else {
            "REDIS_PASSWORD is wrong: correct it, or leave it out if the server has none"
        }
    }

    fn refused(&self, error: &RedisError) -> String {
        let (code, detail) = code(error);
        match code.as_str() {
            "NOAUTH" => "the server asks for a password: set REDIS_PASSWORD".to_owned(),
            "WRONGPASS" => self.login().to_owned(),
            "NOPERM" => {
                "the user may not do this: allow REDIS_USERNAME +@read +@write +@transaction \
                 +@scripting on ~dashboard:* and ~{dashboard:*"
                    .to_owned()
            }
            "LOADING" => "the server is still loading its data: wait".to_owned(),
            "READONLY" => {
                "the server is a replica, which is only read: set REDIS_HOST to its master"
                    .to_owned()
            }
            "OOM" => "the server's memory is full: raise its maxmemory, or let it evict keys \
                      (maxmemory-policy)"
                .to_owned(),
            "MISCONF" => {
                "the server cannot save its data and takes no more: see its own log".to_owned()
            }
            "MOVED" | "ASK" | "CROSSSLOT" | "CLUSTERDOWN" => format!(
                "the server is part of a cluster ({code}): set REDIS_HOST to one that is not"
            ),
            "ERR" if self.database != 0 && detail.contains("DB index") => {
                let database = self.database;
                format!("the server has no database REDIS_DB={database}: choose another")
            }
            _ if detail.is_empty() => format!("the server refuses with {code}"),
            _ => format!("the server refuses with {code}: {detail}"),
        }
    }

    fn unreachable(&self, error: &RedisError) -> String {
        use io::ErrorKind as Kind;

        let host = &self.host;
        if error.is_timeout() {
            let hint = if self.tls {
                "it may speak no TLS: check REDIS_TLS"
            } else {
                "check REDIS_HOST and REDIS_PORT"
            };
            return format!("REDIS_HOST={host} does not answer in time; if it never does, {hint}");
        }
        match io_error(error).map(io::Error::kind) {
            Some(Kind::ConnectionRefused) => format!(
                "REDIS_HOST={host}: connection refused: start the server, or correct REDIS_HOST \
                 and REDIS_PORT"
            ),
            Some(Kind::InvalidData) if self.tls => format!(
                "REDIS_HOST={host}: no TLS with this server ({error}): check its certificate, and \
                 REDIS_TLS"
            ),
            Some(Kind::BrokenPipe | Kind::ConnectionReset | Kind::UnexpectedEof) | None => {
                let hint = if self.tls { "no TLS" } else { "only TLS" };
                format!(
                    "REDIS_HOST={host}: the connection broke off; if it always does, the server \
                     may speak {hint}: check REDIS_TLS"
                )
            }
            Some(_) => format!("REDIS_HOST={host} cannot be reached: {error}: check REDIS_HOST"),
        }
    }
}

/// The cause, which the library hands out in the `Arc` that it is kept in.
fn io_error(error: &RedisError) -> Option<&io::Error> {
    let source = error.source()?;
    let kept = source.downcast_ref::<Arc<dyn Error + Send + Sync>>();
    match kept {
        Some(kept) => kept.downcast_ref(),
        None => source.downcast_ref(),
    }
}

/// Whether it may end by itself, or somebody has to act. What was cut off in the middle is not
/// told from what is no Redis: it may end.
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

/// Whether the server answered, and the answer was no.
pub fn is_refusal(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

/// The server's own code and words. A transaction that was given up says why in its parts.
fn code(error: &RedisError) -> (String, String) {
    let parts = error.clone().into_server_errors();
    if let Some((_, first)) = parts.as_ref().and_then(|parts| parts.first()) {
        let detail = first.details().unwrap_or_default();
        return (first.code().to_owned(), detail.to_owned());
    }
    let code = error.code().unwrap_or("ERR").to_owned();
    (code, error.detail().unwrap_or_default().to_owned())
}

//! What can go wrong, named by outcome.

use pgwire_replication::PgWireError;
use thiserror::Error;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

pub(super) const NO_POOLER: &str = "name the server itself, not a connection pooler like PgBouncer";

/// Why a sync ended. Sentences are for people and hold no secrets.
#[derive(Debug, Error)]
pub enum SyncError {
    /// The same may work later.
    #[error("PostgreSQL at {location} is not available: {problem}")]
    Away { location: String, problem: String },
    /// A variable's value does not fit what is in the source.
    #[error("{variable}: {problem}")]
    Variable {
        variable: &'static str,
        problem: String,
    },
    /// Somebody has to change something in the source.
    #[error("{doing} failed: {problem}")]
    Refused {
        doing: &'static str,
        problem: String,
    },
    /// The orders are not from this source: it may be a test copy, pointed at production.
    #[error(
        "the orders here come from {was}, not from {location} (system {is}); if they are to be \
         replaced, run `server sync --full --yes`"
    )]
    OtherSource {
        was: String,
        location: String,
        is: String,
    },
    /// Another process writes these orders.
    #[error("another sync is following: stop it first, or wait until it ends")]
    Held,
    #[error("the orders cannot be read or written")]
    Store {
        #[from]
        source: StoreError,
    },
    /// The state that was saved cannot be read.
    #[error(
        "the saved state of sync cannot be read: {problem}; run `server sync --full` to start again"
    )]
    State { problem: String },
    /// It was told to stop.
    #[error("stopped before it was done")]
    Stopped,
}

impl SyncError {
    /// Whether it may end by itself.
    pub fn is_away(&self) -> bool {
        match self {
            Self::Away { .. } => true,
            Self::Store { source } => !matches!(source, StoreError::Unusable { .. }),
            _ => false,
        }
    }
}

/// The outcome of a failed call to the source while `doing` something.
pub(super) fn failed(
    location: &str,
    doing: &'static str,
    error: &tokio_postgres::Error,
) -> SyncError {
    let Some(answer) = error.as_db_error() else {
        return away(location, crate::causes::with_causes(error));
    };
    let (code, message) = (answer.code(), answer.message());
    refused(location, doing, code.code(), message)
}

/// The outcome of an answer of PostgreSQL with this code.
pub(super) fn refused(location: &str, doing: &'static str, code: &str, message: &str) -> SyncError {
    let variable = |variable, advice: &str| SyncError::Variable {
        variable,
        problem: format!("PostgreSQL says: {message}; {advice}"),
    };
    let code = &SqlState::from_code(code);
    let away_for_now = [
        &SqlState::ADMIN_SHUTDOWN,
        &SqlState::CRASH_SHUTDOWN,
        &SqlState::CANNOT_CONNECT_NOW,
        &SqlState::TOO_MANY_CONNECTIONS,
        &SqlState::QUERY_CANCELED,
        // A slot that has lost what it kept. The next attempt finds that out, and heals it.
        &SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
        &SqlState::UNDEFINED_FILE,
    ];
    // Poolers do not know the parameters of our sessions.
    if message.contains("unsupported startup parameter") {
        return variable("SOURCE_URI", NO_POOLER);
    }
    if away_for_now.contains(&code) || code.code().starts_with("08") {
        return away(location, message.to_owned());
    }
    if *code == SqlState::OBJECT_IN_USE {
        return SyncError::Held;
    }
    if [
        &SqlState::INVALID_PASSWORD,
        &SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
    ]
    .contains(&code)
    {
        return variable("SOURCE_URI", "check the user, its password and pg_hba.conf");
    }
    if *code == SqlState::INVALID_CATALOG_NAME {
        return variable("SOURCE_URI", "name a database that exists");
    }
    let advice = match code {
        code if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            "; `server sync --plan` prints the rights that are needed"
        }
        code if *code == SqlState::CONFIGURATION_LIMIT_EXCEEDED => {
            "; raise max_replication_slots, or drop a slot that nobody reads"
        }
        _ => "",
    };
    SyncError::Refused {
        doing,
        problem: format!("PostgreSQL says: {message}{advice}"),
    }
}

pub(super) fn away(location: &str, problem: String) -> SyncError {
    SyncError::Away {
        location: location.to_owned(),
        problem,
    }
}

/// The outcome of an error of the library behind the stream.
pub(super) fn failed_stream(location: &str, doing: &'static str, error: &PgWireError) -> SyncError {
    match error {
        PgWireError::Server(text) => {
            let code = text.rsplit_once("SQLSTATE ");
            let code = code.map(|(_, code)| code.get(..5).unwrap_or_default());
            refused(location, doing, code.unwrap_or_default(), text)
        }
        PgWireError::Auth(problem) => SyncError::Variable {
            variable: "SOURCE_URI",
            problem: format!("{problem}: check the user and its password"),
        },
        PgWireError::Tls(problem) => SyncError::Variable {
            variable: "SOURCE_URI",
            problem: format!("{problem}: check sslmode, sslrootcert and the host's name"),
        },
        error => away(location, error.to_string()),
    }
}

//! The driver's errors, named by outcome. Only words that are known to hold no part of
//! `MONGODB_URI` but its hosts go on.

use std::error::Error as StdError;
use std::io;

use mongodb::error::{Error, ErrorKind, WriteFailure};

use super::StoreError;

/// The backend's name for people.
pub(super) const STORE: &str = "MongoDB";

/// The most characters of a server's message that are passed on.
const QUOTED: usize = 200;

const UNAUTHORIZED: i32 = 13;
const AUTHENTICATION_FAILED: i32 = 18;
const TOO_SLOW: i32 = 50;
pub(super) const DUPLICATE_KEY: i32 = 11_000;
const NOT_ON_A_VIEW: i32 = 166;
/// The servers are there but busy with themselves: starting, electing, shutting down. The driver's
/// own list of errors after which a read is worth another try.
const PASSING: [i32; 16] = [
    6, 7, 43, 89, 91, 134, 189, 262, 9001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436, 11_601,
];

/// What an error shows about the servers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A server is there: it has answered with an error.
    Answered,
    /// A connection was refused or reset. It may be this one only.
    Lost,
    /// No server can be used, although the driver has looked for one as long as it may.
    Away,
}

/// What a failed `operation` means, and what it shows about the servers.
pub(super) fn met(operation: &'static str, error: Error) -> (StoreError, Sign) {
    let sign = match error.kind.as_ref() {
        ErrorKind::Io(_)
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::InvalidResponse { .. }
        | ErrorKind::Internal { .. } => Sign::Lost,
        ErrorKind::ServerSelection { .. } | ErrorKind::DnsResolve { .. } => Sign::Away,
        _ => Sign::Answered,
    };
    match failed(operation, error) {
        // A server that is too old, or that refuses the password, is there.
        error @ StoreError::Unusable { .. } => (error, Sign::Answered),
        error => (error, sign),
    }
}

/// Whether a server has not answered in time.
pub(super) fn is_timeout(error: &Error) -> bool {
    matches!(error.kind.as_ref(), ErrorKind::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

/// The cause of `error`, in words for people.
pub(super) fn reason(error: &StoreError) -> String {
    match error {
        StoreError::Unavailable { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// What a failed `operation` means for the operator.
pub(super) fn failed(operation: &'static str, error: Error) -> StoreError {
    match *error.kind {
        ErrorKind::ServerSelection { message, .. } => no_server(operation, &message),
        ErrorKind::Authentication { message, .. } => credentials(&message),
        ErrorKind::DnsResolve { message, .. } => unavailable(operation, not_found(&message)),
        ErrorKind::InvalidTlsConfig { .. } => unusable(
            "the TLS files or options in MONGODB_URI cannot be used; check their paths and that \
             they are PEM"
                .to_owned(),
            None,
        ),
        ErrorKind::InvalidArgument { .. } => unusable(
            "MONGODB_URI holds options that contradict each other or that this driver does not \
             know; compare it with the manual's list of connection string options"
                .to_owned(),
            None,
        ),
        ErrorKind::Command(error) => refused(operation, error.code, &error.message),
        ErrorKind::Write(WriteFailure::WriteError(error)) => {
            refused(operation, error.code, &error.message)
        }
        ErrorKind::Write(WriteFailure::WriteConcernError(error)) => {
            refused(operation, error.code, &error.message)
        }
        ErrorKind::Io(error) => unavailable(operation, network(None, &error.to_string())),
        ErrorKind::ConnectionPoolCleared { message, .. } => lost(operation, &message),
        ErrorKind::IncompatibleServer { message, .. } => too_old(&message),
        // What remains of an answer that was cut off.
        ErrorKind::InvalidResponse { message, .. } | ErrorKind::Internal { message, .. } => {
            unavailable(operation, one_line(&message))
        }
        other => unusable(
            format!("{operation} failed; the log has the cause"),
            Some(one_line(&other.to_string()).into()),
        ),
    }
}

/// Whether a unique index has refused it, as it does for one of two inserts of the same `_id`.
pub(super) fn is_duplicate(error: &Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::Command(error) => error.code == DUPLICATE_KEY,
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE_KEY,
        _ => false,
    }
}

/// The server has answered, with an error.
pub(super) fn refused(operation: &'static str, code: i32, message: &str) -> StoreError {
    let cause = one_line(message);
    match code {
        UNAUTHORIZED => unusable(
            format!(
                "the user of MONGODB_URI may not do this: {operation}; grant it readWrite on the \
                 database"
            ),
            Some(cause.into()),
        ),
        AUTHENTICATION_FAILED => credentials(message),
        NOT_ON_A_VIEW => unusable(is_a_view(), None),
        TOO_SLOW => too_slow(operation),
        code if PASSING.contains(&code) => unavailable(operation, cause),
        code => unusable(
            format!("{operation} was refused with code {code}; the log has the cause"),
            Some(cause.into()),
        ),
    }
}

/// No server could be used within the time. The driver knows why for each of them, but only as
/// text.
fn no_server(operation: &'static str, message: &str) -> StoreError {
    if message.contains("wire version") {
        return too_old(message);
    }
    // A secondary answers, and only a primary is asked: what is wrong with others is not why.
    let signs = [
        "ReadPreference(Primary)",
        "Type: ReplicaSetNoPrimary",
        "Type: RsSecondary",
    ];
    if signs.iter().all(|sign| message.contains(sign)) {
        return unavailable(
            operation,
            "no primary; wait for the election, or allow readPreference=secondaryPreferred in \
             MONGODB_URI",
        );
    }
    lost(operation, message)
}

/// A server has become unusable to this or to an earlier call; who cannot log in loses it, too.
fn lost(operation: &'static str, message: &str) -> StoreError {
    let (address, cause) = address_and_cause(message);
    if ["SCRAM", "Authentication failed"]
        .iter()
        .any(|words| cause.contains(words))
    {
        return credentials(cause);
    }
    unavailable(operation, network(address, cause))
}

/// What a network error comes down to, and what to check.
pub(super) fn network(address: Option<&str>, cause: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    let host = address.unwrap_or("the server");
    if has(&["lookup address", "Name or service not known", "resolve"]) {
        return not_found(host);
    }
    if has(&[
        "certificate",
        "InvalidContentType",
        "corrupt message",
        "tls",
        "TLS",
        "fatal alert",
    ]) {
        return format!(
            "no TLS connection to {host}; check tls=true or tls=false and tlsCAFile in MONGODB_URI, \
             and the certificate"
        );
    }
    if has(&["refused"]) {
        return format!(
            "{host} refuses connections; check that MongoDB runs there, and the port in MONGODB_URI"
        );
    }
    if has(&[
        "UnexpectedEof",
        "unexpected end of file",
        "early eof",
        "reset by peer",
    ]) {
        return format!(
            "{host} ends connections; check whether it expects TLS, and tls=… in MONGODB_URI"
        );
    }
    format!("{host} does not answer; check the host and tls=… in MONGODB_URI, and the network")
}

fn not_found(host: &str) -> String {
    format!(
        "{}: no such host; check the host in MONGODB_URI",
        one_line(host)
    )
}

/// The first server with an error in a topology's description, and the error. Causes are not
/// looked for in what comes before: a host may be called anything.
fn address_and_cause(message: &str) -> (Option<&str>, &str) {
    let (before, cause) = message
        .split_once(", Error: ")
        .or_else(|| message.split_once("failed with: "))
        .unwrap_or((message, message));
    let rest = before.rsplit_once("Address: ").map(|(_, rest)| rest);
    let address = rest.and_then(|rest| rest.split(',').next());
    // Of this server alone, not of the next.
    let cause = cause.split(", { Address: ").next().unwrap_or(cause);
    (address, cause)
}

fn credentials(message: &str) -> StoreError {
    unusable(
        "the user name or password in MONGODB_URI is refused; check both, and authSource"
            .to_owned(),
        Some(one_line(message).into()),
    )
}

fn too_old(message: &str) -> StoreError {
    unusable(
        "the server that MONGODB_URI names is too old for this program; MongoDB 4.4 is the least"
            .to_owned(),
        Some(one_line(message).into()),
    )
}

/// What to say of a view in place of the collection.
pub(super) fn is_a_view() -> String {
    "orders is a view, which cannot be written to or indexed; let MONGODB_URI name the server \
     whose database shopstream holds the orders themselves"
        .to_owned()
}

/// The server has not answered in time, although it can be reached.
pub(super) fn too_slow(operation: &'static str) -> StoreError {
    StoreError::Late {
        store: STORE.to_owned(),
        operation,
    }
}

pub(super) fn unavailable(
    operation: &'static str,
    cause: impl Into<Box<dyn StdError + Send + Sync>>,
) -> StoreError {
    StoreError::Unavailable {
        store: STORE,
        operation,
        source: cause.into(),
    }
}

pub(super) fn unusable(
    problem: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
) -> StoreError {
    StoreError::Unusable {
        store: STORE,
        problem,
        source,
    }
}

/// The beginning of a message, on one line.
fn one_line(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests;

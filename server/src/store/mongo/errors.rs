//! The driver's errors, named by outcome. Of `MONGODB_URI` only its hosts may be in them.

use std::error::Error as StdError;
use std::io;

use mongodb::error::{Error, ErrorKind, WriteFailure};

use super::StoreError;

pub(super) const STORE: &str = "MongoDB";

type Cause = Box<dyn StdError + Send + Sync>;

/// The most characters of a server's message that are passed on.
const QUOTED: usize = 200;

const USER_NOT_FOUND: i32 = 11;
const UNAUTHORIZED: i32 = 13;
const AUTHENTICATION_FAILED: i32 = 18;
const TOO_SLOW: i32 = 50;
pub(super) const DUPLICATE_KEY: i32 = 11_000;
const NOT_ON_A_VIEW: i32 = 166;
/// The servers are busy with themselves: the driver's list of errors after which it reads again.
const PASSING: [i32; 16] = [
    6, 7, 43, 89, 91, 134, 189, 262, 9001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436, 11_601,
];

const TOO_OLD: &str =
    "the server that MONGODB_URI names is too old for this program; MongoDB 4.4 is the least";
const IS_A_VIEW: &str = "orders is a view, which cannot be written to or indexed; let \
    MONGODB_URI name the server whose database shopstream holds the orders themselves";

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

/// Whether a unique index has refused it, as it does for one of two inserts of the same `_id`.
pub(super) fn is_duplicate(error: &Error) -> bool {
    code(error) == Some(DUPLICATE_KEY)
}

/// Whether there is an index of those fields or of that name, with other options or fields.
pub(super) fn is_other_index(error: &Error) -> bool {
    matches!(code(error), Some(85 | 86))
}

fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(error) => Some(error.code),
        ErrorKind::Write(WriteFailure::WriteError(error)) => Some(error.code),
        _ => None,
    }
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
        ErrorKind::ConnectionPoolCleared { message, .. } => lost(operation, &message),
        ErrorKind::Io(error) => unavailable(operation, unreached(None, &error.to_string())),
        // What remains of an answer that was cut off.
        ErrorKind::DnsResolve { message, .. }
        | ErrorKind::InvalidResponse { message, .. }
        | ErrorKind::Internal { message, .. } => unavailable(operation, unreached(None, &message)),
        ErrorKind::Authentication { message, .. } => no_login(&message),
        ErrorKind::IncompatibleServer { message, .. } => told(TOO_OLD, &message),
        ErrorKind::Command(error) => refused(operation, error.code, &error.message),
        ErrorKind::Write(WriteFailure::WriteError(error)) => {
            refused(operation, error.code, &error.message)
        }
        ErrorKind::Write(WriteFailure::WriteConcernError(error)) => {
            refused(operation, error.code, &error.message)
        }
        ErrorKind::InvalidTlsConfig { .. } | ErrorKind::InvalidArgument { .. } => unusable(
            "MONGODB_URI holds options that cannot be used; compare it with the manual's list of \
             connection string options, and check the paths of TLS files",
            None,
        ),
        other => told(
            &format!("{operation} failed; the log has the cause"),
            &other.to_string(),
        ),
    }
}

pub(super) fn refused(operation: &'static str, code: i32, message: &str) -> StoreError {
    let problem = match code {
        TOO_SLOW => return too_slow(operation),
        code if PASSING.contains(&code) => return unavailable(operation, one_line(message)),
        AUTHENTICATION_FAILED | USER_NOT_FOUND => WRONG_LOGIN,
        UNAUTHORIZED if message.contains("authentication") => {
            "the server lets nobody in without a login; let MONGODB_URI name a user and a password"
        }
        UNAUTHORIZED => &format!(
            "the user of MONGODB_URI may not do this: {operation}; grant it readWrite on the \
             database"
        ),
        NOT_ON_A_VIEW => IS_A_VIEW,
        code => &format!("{operation} was refused with code {code}; the log has the cause"),
    };
    told(problem, message)
}

/// No server could be used within the time. The driver knows why for each of them, but only as
/// text.
fn no_server(operation: &'static str, message: &str) -> StoreError {
    let has = |words: &[&str]| words.iter().all(|words| message.contains(words));
    if has(&["wire version"]) {
        return told(TOO_OLD, message);
    }
    if has(&["Type: ReplicaSetNoPrimary"]) {
        // The driver has dropped every server that belongs to no set, or to another one.
        if !has(&["Address: "]) {
            return told(
                "no server that MONGODB_URI names belongs to the set in replicaSet=…; correct the \
                 name, or leave it out for a single server",
                message,
            );
        }
        // A secondary answers, and only a primary is asked: what is wrong with others is not why.
        if has(&["ReadPreference(Primary)", "Type: RsSecondary"]) {
            return unavailable(
                operation,
                "no primary; wait for the election, or allow readPreference=secondaryPreferred in \
                 MONGODB_URI",
            );
        }
    }
    lost(operation, message)
}

/// A server has become unusable to this or to an earlier call, as the driver describes it. The
/// first error of a server counts.
fn lost(operation: &'static str, message: &str) -> StoreError {
    let (before, cause) = message
        .split_once(", Error: ")
        .or_else(|| message.split_once("failed with: "))
        .unwrap_or((message, message));
    let address = before.rsplit_once("Address: ").map(|(_, rest)| rest);
    let address = address.and_then(|rest| rest.split(',').next());
    // Of this server alone, not of the next.
    let cause = cause.split(", { Address: ").next().unwrap_or(cause);
    // Who cannot log in loses the server, too.
    if cause.contains("SCRAM") || cause.contains(LOGIN_FAILED) {
        return no_login(cause);
    }
    unavailable(operation, unreached(address, cause))
}

/// A server that cannot be reached, with the network's own words.
pub(super) fn unreached(address: Option<&str>, cause: &str) -> String {
    let cause = cause.trim_start_matches("Kind: ");
    let cause = cause.split(", labels: ").next().unwrap_or(cause);
    format!(
        "{} does not answer ({}); check host, port and tls=… in MONGODB_URI, and the network",
        address.unwrap_or("the server"),
        one_line(cause)
    )
}

const WRONG_LOGIN: &str =
    "the login in MONGODB_URI is refused; check the user name, the password and authSource";
/// How servers word [`AUTHENTICATION_FAILED`]; of logins that fail the driver keeps no code.
const LOGIN_FAILED: &str = "Authentication failed";

fn no_login(message: &str) -> StoreError {
    let problem = match message.contains(LOGIN_FAILED) {
        true => WRONG_LOGIN,
        false => "the login in MONGODB_URI has failed; the log has the cause",
    };
    told(problem, message)
}

/// The server has not answered in time, although it can be reached.
pub(super) fn too_slow(operation: &'static str) -> StoreError {
    StoreError::Late {
        store: STORE.to_owned(),
        operation,
    }
}

pub(super) fn unavailable(operation: &'static str, cause: impl Into<Cause>) -> StoreError {
    StoreError::Unavailable {
        store: STORE,
        operation,
        source: cause.into(),
    }
}

pub(super) fn unusable(problem: impl Into<String>, source: Option<Cause>) -> StoreError {
    StoreError::Unusable {
        store: STORE,
        problem: problem.into(),
        source,
    }
}

/// Somebody has to act, as the server's or the driver's message says.
fn told(problem: &str, message: &str) -> StoreError {
    unusable(problem, Some(one_line(message).into()))
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

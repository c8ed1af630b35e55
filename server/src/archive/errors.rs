//! Why an archive run ends early, or is not published: a sentence for people, the cause for the log.

use std::io;
use std::path::PathBuf;

use app::api::ApiError;
use app::model::RunState;
use thiserror::Error;

use crate::objects::{BadObjectName, Digest, ObjectError, ObjectName};
use crate::store::StoreError;

/// What stops a run or a publication.
#[derive(Debug, Error)]
pub enum ArchiveError {
    #[error("the orders could not be read: {}", brief(.0))]
    Orders(#[source] StoreError),
    #[error("the record of runs could not be used: {}", brief(.0))]
    Log(#[source] StoreError),
    #[error("{}", spool(.folder, .source))]
    Spool { folder: PathBuf, source: io::Error },
    /// An object could not be stored or read.
    #[error("{what} could not be {done}: {source}")]
    Object {
        what: &'static str,
        done: &'static str,
        source: ObjectError,
    },
    #[error("what is stored is not what was exported: {found} instead of {exported}")]
    Mismatch { exported: Digest, found: Digest },
    #[error("{0} is not what the receipt says")]
    Changed(ObjectName),
    #[error("the receipt of run {0} is damaged")]
    Damaged(String),
    #[error("the server ended while the archive was being written: archive the month again")]
    Cancelled,
    #[error(
        "the lease on the archive could not be renewed in time, so another run may have begun: \
         archive the month again when the order store answers"
    )]
    LeaseLost,
    #[error("a fault of the server, its log says more: archive the month again")]
    Fault,
}

impl ArchiveError {
    /// The state of a run that ended by it.
    pub fn state(&self) -> RunState {
        match self {
            Self::Cancelled | Self::LeaseLost => RunState::Interrupted,
            _ => RunState::Failed,
        }
    }

    /// Whether the log can say more than its sentence.
    pub fn needs_log(&self) -> bool {
        !matches!(self, Self::Cancelled | Self::Spool { .. })
    }

    /// An object could not be `done`.
    pub fn object(what: &'static str, done: &'static str) -> impl FnOnce(ObjectError) -> Self {
        move |source| Self::Object { what, done, source }
    }
}

impl From<BadObjectName> for ArchiveError {
    fn from(_: BadObjectName) -> Self {
        Self::Fault
    }
}

/// Shown for a run that was stopped between its receipt and the end. `recover` decides.
pub const UNDECIDED: &str = "it was stopped while its receipt was being written or its archive \
     published: the next run, or the next start of the server, says whether it succeeded";

/// The run log does not answer, said to the browser.
pub fn unknown_runs(error: StoreError) -> ApiError {
    tracing::warn!(?error, "the record of archive runs could not be read");
    let why = brief(&error);
    ApiError::unavailable(format!("the earlier archives are not known: {why}"))
}

/// A store's failure, for somebody who cannot see the machine it runs on.
pub fn brief(error: &StoreError) -> String {
    match error {
        StoreError::Unavailable { store, .. } => format!("{store} does not answer"),
        StoreError::Late { store, .. } => format!("{store} does not answer in time"),
        StoreError::LeftAlone { store, .. } => format!("{store} does not answer"),
        StoreError::Unusable { store, .. } => {
            format!("{store} cannot be used, the server's log says why")
        }
    }
}

fn spool(folder: &std::path::Path, error: &io::Error) -> String {
    let folder = folder.display();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!(
            "the disk of DATA_DIR is full: {folder} needs room for the whole export, make some and \
             archive the month again"
        ),
        _ => format!(
            "the spool folder {folder} in DATA_DIR cannot be written ({error}): make it a folder \
             that this user may write to, and archive the month again"
        ),
    }
}

//! Why a run ended early, in words for people; causes go to the log.

use std::io;

use app::model::number::grouped;
use app::model::{ArchiveRun, RunState};
use chrono::{DateTime, Utc};

use super::absent::Absent;
use super::supersede::Receipt;
use super::target::Target;
use super::{ObjectError, Stored, Tally};
use crate::store::StoreError;

/// How a run ended that did not succeed.
#[derive(Debug)]
pub enum Ended {
    Failed(String),
    Cancelled,
    /// The lease was not renewed in time, or another run has it.
    Lost,
}

impl Ended {
    /// Whether the run itself has not come to its end.
    pub fn comes_from_outside(&self) -> bool {
        matches!(self, Self::Cancelled | Self::Lost)
    }

    /// The run's last state, and why.
    pub fn state_and_words(self) -> (RunState, Option<String>) {
        match self {
            Self::Failed(words) => (RunState::Failed, Some(words)),
            Self::Cancelled => (RunState::Interrupted, Some(INTERRUPTED.to_owned())),
            Self::Lost => (RunState::Interrupted, Some(LOST.to_owned())),
        }
    }
}

pub const INTERRUPTED: &str =
    "the server ended while the archive was being written: archive the month again";

pub const CUT_OFF: &str = "it ended while the verified archive was given its name: the next run, or \
     the next start of the server, writes the receipt, or says that there is none";

const LOST: &str = "the lease on the archive could not be renewed in time, so that another run may \
     have begun: archive the month again when the order store answers";

const UNCHANGED: &str = "what was archived before is unchanged";

const AGAIN: &str = "archive the month again, so that others learn of it";

/// The order store failed.
pub fn store(error: &StoreError) -> Ended {
    tracing::error!(?error, "the orders could not be read");
    Ended::Failed(format!(
        "the orders could not be read: {}; {UNCHANGED}",
        brief(error)
    ))
}

/// The record of runs failed.
pub fn log(error: &StoreError) -> Ended {
    tracing::error!(?error, "the record of archive runs could not be used");
    let brief = brief(error);
    Ended::Failed(format!(
        "the record of runs could not be used: {brief}; {UNCHANGED}"
    ))
}

/// What a store's failure is to somebody who cannot see the machine it runs on.
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

/// The object store failed: the archive could not be `done`.
pub fn objects(done: &str, error: &ObjectError) -> Ended {
    tracing::error!(?error, "the archive could not be {done}");
    Ended::Failed(format!(
        "the archive could not be {done}: {}; {UNCHANGED}",
        error.for_people()
    ))
}

/// The archive was not given its name, or nobody knows whether it was.
pub fn unnamed(run_id: &str, error: &ObjectError) -> Ended {
    if !matches!(error, ObjectError::Unsettled(_)) {
        return objects("given its name", error);
    }
    tracing::error!(?error, "it is not known whether the archive has its name");
    Ended::Failed(format!(
        "it is not known whether the archive was given its name: {}; `server verify {run_id}` \
         tells whether it stands there; if not, archive the month again",
        error.for_people()
    ))
}

/// What stands there holds an order that is not among those that were read.
pub fn superseded(run: &ArchiveRun, target: &Target, absent: &Absent, receipt: Receipt) -> Ended {
    tracing::error!(
        run = run.run_id,
        ?absent,
        "the archive that is there holds an order that the store no longer has"
    );
    let order = match &absent.order_id {
        Some(order_id) => format!("order {order_id:?}"),
        None => "something without an order's id".to_owned(),
    };
    let outside = |made: &DateTime<Utc>| !target.window.contains(*made);
    let why = match absent.created_at.filter(outside) {
        Some(_) => "is outside the window (another BUSINESS_TIMEZONE has another one)".to_owned(),
        None => {
            let month = target.month.name();
            format!("is not among the orders of {month} that the store has now")
        }
    };
    let then = match receipt {
        Receipt::NotMissing => {
            "If it should be replaced, move that object away, and archive the month again"
        }
        Receipt::Written => "Its receipt was missing, and has been written now",
        Receipt::NotWritten => {
            "Its receipt is missing, and could not be written, the server's log says why: leave that \
             object there, and archive the month again"
        }
    };
    Ended::Failed(format!(
        "the archive that is there was not replaced, because some of it may be nowhere else: line {} \
         of {} is {order}, which {why}. {then}",
        grouped(absent.line),
        run.location
    ))
}

/// What stands there, or what was written, could not be read.
pub fn uncompared(error: ObjectError) -> Ended {
    objects("compared with the one that is there", &error)
}

/// The same, not to its end.
pub fn comparing(error: &io::Error) -> Ended {
    tracing::error!(?error, "the archive could not be compared");
    Ended::Failed(format!(
        "the archive could not be compared with the one that is there, since one of them could not \
         be read to its end; {UNCHANGED}"
    ))
}

/// The object could not be read to its end.
pub fn reading(error: &io::Error) -> Ended {
    tracing::error!(?error, "the archive could not be read back");
    Ended::Failed(format!(
        "the archive could not be read back to its end; {UNCHANGED}"
    ))
}

/// The object store has not taken all that it was given.
pub fn cut(written: &Tally, stored: u64) -> Ended {
    tracing::error!(?written, stored, "the archive was not stored whole");
    Ended::Failed(format!(
        "the archive was not stored whole: {} bytes were sent, {stored} are there; {UNCHANGED}",
        written.bytes
    ))
}

/// What is stored is not what was written.
pub fn mismatch(written: &Tally, found: &Tally) -> Ended {
    tracing::error!(?written, ?found, "the archive is not what was written");
    Ended::Failed(format!(
        "what is stored is not what was written: {found} instead of {written}; {UNCHANGED}"
    ))
}

/// The object store says that it holds something else.
pub fn checksum(written: &Tally, stored: &Stored) -> Ended {
    tracing::error!(?written, ?stored, "the store reports another checksum");
    Ended::Failed(format!(
        "the archive was not stored as it was written: {} instead of CRC32C {}; {UNCHANGED}",
        reported(stored),
        written.checksum()
    ))
}

/// The object is not what it was before it got its name.
pub fn renamed(written: &Tally, stored: &Stored) -> Ended {
    tracing::error!(
        ?written,
        ?stored,
        "the archive changed when it was given its name"
    );
    Ended::Failed(format!(
        "the archive changed when it was given its name: the store reports {} instead of {written}",
        reported(stored)
    ))
}

fn reported(stored: &Stored) -> String {
    let bytes = grouped(stored.bytes);
    match stored.crc32c {
        Some(crc32c) => format!("{bytes} bytes, CRC32C {}", super::tally::checksum(crc32c)),
        None => format!("{bytes} bytes"),
    }
}

/// The archive is there, but others do not know of it, since `what` is missing.
pub fn told(what: &str, error: &ObjectError) -> Ended {
    tracing::error!(?error, "{what} could not be written");
    Ended::Failed(format!(
        "the archive is complete and verified, but {what} could not be written: {}; {AGAIN}",
        error.for_people()
    ))
}

/// The archive is there, but `what`, which others read about it, may be damaged.
pub fn told_wrong(what: &str, written: &Tally, stored: &Stored) -> Ended {
    tracing::error!(?written, ?stored, "{what} is not what was written");
    Ended::Failed(format!(
        "the archive is complete and verified, but {what} was not stored as it was written: the \
         store reports {} instead of {written}; {AGAIN}",
        reported(stored)
    ))
}

/// A fault of ours.
pub fn fault() -> Ended {
    tracing::error!("an archive run ended with a fault of the server");
    Ended::Failed("a fault of the server, whose log says more: archive the month again".to_owned())
}

//! The archive job and where its objects go.

mod absent;
mod daily;
mod export;
mod found;
pub mod gcs;
mod guard;
mod job;
mod last_known;
mod lease;
mod line;
pub mod local;
mod months;
mod object_store;
mod plan;
mod port;
mod publish;
mod receipt;
mod recover;
mod run;
mod schema;
mod shown;
mod standing;
mod start;
mod stock;
mod supersede;
mod tally;
mod target;
mod verify;
mod words;
mod write;

pub use crate::store::{Lease, LeaseStore, RunLog};
use found::Found;
pub use guard::{Guard, GuardError, Patience, Watched, guard};
pub use job::{ArchiveJob, ArchiveParts};
pub use lease::{Hold, Leases, Taken};
pub use object_store::{
    BadObjectName, ByteStream, Label, ObjectError, ObjectName, ObjectStore, Stored,
};
pub use plan::{ArchivePlan, Missing};
pub use schema::{COLUMNS, Column};
pub use start::{BUSY, Begun};
pub use tally::Tally;

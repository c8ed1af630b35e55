//! The archive job and where its objects go.

mod export;
pub mod gcs;
mod job;
pub mod local;
mod object_store;
mod port;
mod receipt;
mod run;
mod run_log;
mod tally;
mod target;
mod words;

pub use job::{ArchiveJob, ArchiveParts};
pub use object_store::{
    BadObjectName, ByteStream, Label, ObjectError, ObjectName, ObjectStore, Stored,
};
pub use run_log::RunLog;
pub use tally::Tally;

//! The archive job and where its objects go.

pub mod local;
mod object_store;
mod run_log;

pub use object_store::{ByteStream, ObjectError, ObjectName, ObjectStore, Stored};
pub use run_log::RunLog;
mod job_tmp;
pub use job_tmp::ArchiveJob;

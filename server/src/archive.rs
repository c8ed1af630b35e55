//! One month of orders as JSON Lines, and the proof of it.

mod errors;
mod export;
mod job;
mod lease;
mod names;
mod parts;
mod plan;
mod publish;
mod receipt;
mod recent;
mod recover;
mod retention;
mod run;
mod schema;
mod spool;
mod status;
mod verify;

pub use job::{ArchiveJob, BUSY, Begun};
pub use lease::{Hold, Leases, Taken};
pub use parts::ArchiveParts;
pub use plan::ArchivePlan;
pub use retention::{Watched, guard, unknown};
pub use schema::{COLUMNS, Column};

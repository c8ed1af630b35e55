//! The dashboard's backend: stores, cache, archive and HTTP behind the page of crate `app`.

pub mod archive;
pub mod calendar;
pub mod clock;
pub mod generate;
pub mod import;
pub mod order;
pub mod store;

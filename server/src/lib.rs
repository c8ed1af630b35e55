//! The dashboard's backend: stores, cache, archive and HTTP behind the page of crate `app`.

pub mod archive;
pub mod assembly;
pub mod backends;
pub mod bench;
pub mod breaker;
pub mod cache;
pub mod calendar;
pub mod causes;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod dashboard;
pub mod generate;
pub mod http;
pub mod import;
pub mod objects;
pub mod order;
pub mod single_flight;
pub mod store;
pub mod sync;

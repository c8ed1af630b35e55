//! The building blocks of panels.

mod card;
mod data_table;
mod delta;
mod freshness;
mod meter;
mod month_guard;
mod notices;
mod seen_fields;
mod sources;
mod text;

pub use card::{Card, Unavailable};
pub use data_table::{DataTable, Table};
pub use delta::Delta;
pub use freshness::{Age, Clock, Freshness, Time};
pub use meter::Meter;
pub use month_guard::loss;
#[cfg(test)]
pub use month_guard::tests::october;
pub use notices::Notices;
pub use seen_fields::SeenFields;
pub use sources::Sources;
pub use text::or_none;

//! The building blocks of panels.

mod ages;
mod card;
mod data_table;
mod delta;
mod figure;
mod foot;
mod icon;
mod meter;
mod month_guard;
mod notices;
mod seen_fields;
mod sources;
mod text;
mod time;

pub use ages::Ages;
pub use card::{Card, Unavailable};
pub use data_table::{DataTable, Table};
pub use delta::Delta;
pub use figure::Figure;
pub use foot::{Facts, Origin, Span, Why};
pub use icon::{Icon, Sign, Symbols};
pub use meter::Meter;
pub use month_guard::loss;
#[cfg(test)]
pub use month_guard::tests::october;
pub use notices::Notices;
pub use seen_fields::SeenFields;
pub use sources::Sources;
pub use text::or_none;
pub use time::{Age, Clock, Time};

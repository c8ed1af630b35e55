//! Measurements. Each is compared with another one of the same run, because machines differ.

mod cached;
mod memory;
mod page;
mod samples;
mod scale;
mod served;
mod stage;

pub use cached::{CachedReport, measure_cached};
pub use page::{PageReport, measure_page};
pub use samples::{Samples, Summary};
pub use scale::{ScaleReport, measure_scale};
pub use served::Served;
pub use stage::{DAYS, Stage};

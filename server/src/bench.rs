//! Measurements, each beside something measured in the same run: machines differ, ratios less.

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

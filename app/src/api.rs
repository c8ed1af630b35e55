//! The server functions, one a file, and how they fail.

mod active_orders;
mod archive_start;
mod archive_status;
mod archive_verify;
mod category_revenue;
#[cfg(feature = "ssr")]
mod context;
mod daily_orders;
mod error;
mod hourly_orders;
mod recent_orders;
mod refresh;
mod region_revenue;
mod returns;
mod status;
mod today;
mod top_products;
mod watermark;

pub use active_orders::active_orders;
pub use archive_start::archive_start;
pub use archive_status::archive_status;
pub use archive_verify::archive_verify;
pub use category_revenue::category_revenue;
#[cfg(feature = "ssr")]
pub use context::ApiCall;
#[cfg(feature = "ssr")]
pub use context::settle;
#[cfg(feature = "ssr")]
use context::{answer, ports};
pub use daily_orders::daily_orders;
pub use error::{ApiError, ErrorKind};
pub use hourly_orders::hourly_orders;
pub use recent_orders::recent_orders;
pub use refresh::refresh;
pub use region_revenue::region_revenue;
pub use returns::returns;
pub use status::status;
pub use today::today;
pub use top_products::top_products;
pub use watermark::watermark;

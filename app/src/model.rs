//! The types that cross the wire, and the pure arithmetic behind them.

pub mod archive;
pub mod checked;
pub mod filter;
pub mod group_revenue;
pub mod guard;
pub mod metrics;
pub mod money;
pub mod month;
pub mod number;
pub mod order_source;
pub mod panel;
pub mod refresh;
pub mod sheet;
pub mod snapshot;
pub mod status;
pub mod timestamp;
pub mod verify;

pub use archive::{ArchiveRun, ArchiveStatus, LastCheck, RunState, StartedBy};
pub use checked::Checked;
pub use filter::{Filter, OrderFilter};
pub use group_revenue::{CategoryRevenue, GroupRevenue, RegionRevenue};
pub use guard::{MonthGuard, MonthState};
pub use metrics::{ActiveOrders, DailyOrders, Figures, ProductSales, RecentOrder, Today};
pub use money::Cents;
pub use month::Month;
pub use order_source::{Drift, OrderSource};
pub use panel::Panel;
pub use refresh::{RefreshReport, Seen, Watermark};
pub use sheet::{Cell, Sheet};
pub use snapshot::{Snapshot, Source, Window};
pub use status::{SourceRole, SourceState, Status, Trouble, UnknownStatus};
pub use timestamp::Timestamp;
pub use verify::{ArchiveFigures, VerifyOutcome, VerifyReport};

//! Orders from PostgreSQL: loaded, followed, compared and repaired.
//!
//! A view of the source gives whole order documents. Changes in the source only ring a bell: the
//! stream carries keys, and each key is read again through the view. So inserts, updates, deletes
//! and replays are one case.

use std::sync::Arc;

use app::model::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::config::SourceConfig;
use crate::store::{OrderStore, SyncStore};

mod attach;
mod batch;
mod compare;
mod connect;
mod drift;
mod errors;
mod feed;
mod fingerprint;
mod follow;
mod incremental;
mod load;
mod lsn;
mod past;
mod pause;
mod pgoutput;
mod plan;
mod publication;
mod repair;
mod session;
mod sink;
mod slot;
mod source;
mod state;
mod stream;
mod view;
mod watch;
mod window;

pub use compare::{Difference, Kind};
pub use drift::compare_window;
pub use errors::SyncError;
pub use follow::follow;
pub use incremental::incremental;
pub use load::{Loaded, full};
pub use plan::{Plan, plan};
pub use repair::repair_window;
pub use slot::{Health, SlotHealth, drop_slot, health};
pub use state::{Healed, State};

/// The default name of the publication and of the slot.
pub const NAME: &str = "shopstream_dashboard";

/// What every mode of `server sync` works with.
#[derive(Clone, Debug)]
pub struct Job {
    pub source: SourceConfig,
    pub publication: String,
    pub slot: String,
    pub orders: Arc<dyn OrderStore>,
    /// The same store.
    pub sink: Arc<dyn SyncStore>,
    pub clock: Arc<dyn Clock>,
    pub calendar: Calendar,
    pub cancel: CancellationToken,
}

impl Job {
    /// Now, as people are shown it.
    fn now(&self) -> Timestamp {
        self.calendar.timestamp(self.clock.now())
    }
}

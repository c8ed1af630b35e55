//! What server functions may ask for. The server implements these traits.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;

use crate::api::ApiError;
use crate::model::refresh::fingerprint;
use crate::model::{
    ArchiveRun, ArchiveStatus, Filter, Month, Panel, RefreshReport, Seen, Sheet, Snapshot, Status,
    VerifyReport, Watermark,
};

/// Whether an answer may come from the cache.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// From the cache while it lives, else computed and cached.
    Cached,
    /// Computed now, and cached for later readers.
    Fresh,
}

/// A panel's data, for code that treats all panels alike.
pub trait PanelData: Sheet + Send {
    /// Equal data have equal fingerprints.
    fn fingerprint(&self) -> String;
}

impl<T: Sheet + Serialize + Send> PanelData for T {
    fn fingerprint(&self) -> String {
        fingerprint(self)
    }
}

fn boxed(data: impl PanelData + 'static) -> Box<dyn PanelData> {
    Box::new(data)
}

macro_rules! dashboard {
    ($($panel:ident: $endpoint:ident, $data:ty, $($_:tt),*;)*) => {
        /// The dashboard's answers.
        #[async_trait]
        pub trait Dashboard: Send + Sync + 'static {
            $(
                /// The panel of this name, for the orders that `filter` selects.
                async fn $endpoint(&self, filter: &Filter, read: Read) -> Result<Snapshot<$data>, ApiError>;
            )*

            /// The figures that a later [`Dashboard::refresh`] compares with.
            async fn watermark(&self, read: Read) -> Result<Watermark, ApiError>;

            /// Recomputes everything past the cache and says what differs from `seen`.
            async fn refresh(&self, seen: Option<Seen>) -> Result<RefreshReport, ApiError>;

            /// Called before a page reads its answers: recomputes the cached ones if they are about
            /// synthetic orders that are gone.
            async fn settle(&self);

            /// The state of each store. A store that is down is an answer, not a failure.
            async fn status(&self) -> Status;
        }

        impl dyn Dashboard {
            /// What `panel` shows, unfiltered.
            pub async fn panel(&self, panel: Panel, read: Read) -> Result<Snapshot<Box<dyn PanelData>>, ApiError> {
                let filter = Filter::default();
                Ok(match panel {
                    $(Panel::$panel => self.$endpoint(&filter, read).await?.map(boxed),)*
                })
            }
        }
    };
}

crate::panels!(dashboard);

/// The archive job.
#[async_trait]
pub trait Archive: Send + Sync + 'static {
    /// Starts to archive `month` (the running month by default), or joins the run under way,
    /// whatever its month, and returns without waiting for its end.
    async fn start(&self, month: Option<Month>) -> Result<ArchiveRun, ApiError>;

    /// The run under way and the earlier ones.
    async fn status(&self) -> Result<ArchiveStatus, ApiError>;

    /// Reads the archive of the run back and compares it with the receipt; changes nothing. A changed
    /// archive is a report. An unknown or unsuccessful run is an error of kind
    /// [`ErrorKind::Invalid`](crate::api::ErrorKind).
    async fn verify(&self, run_id: &str) -> Result<VerifyReport, ApiError>;
}

/// Both ports, for every request.
#[derive(Clone)]
pub struct Ports {
    pub dashboard: Arc<dyn Dashboard>,
    pub archive: Arc<dyn Archive>,
}

//! Cache-aside reads: implements the page's [`Dashboard`] over an order store and a cache, and tells
//! open pages when the answers have changed.

use std::sync::Arc;

use app::api::ApiError;
use app::model::{Filter, Panel, RefreshReport, Seen, Snapshot, Status, UnknownStatus, Watermark};
use app::ports::{Dashboard, PanelData, Read};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::cache::Cache;
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::store::{OrderStore, StatusRules};

mod budget;
mod failure;
mod hours;
mod live;
mod metrics;
mod origin;
mod question;
mod reader;
mod recent;
mod refresh;
mod renewal;
mod slot;
mod slots;
mod status;
mod turn;
mod unknown_statuses;

pub use live::{Listener, Live, Version};
use metrics::Metrics;
use origin::Origin;
use reader::Reader;
use recent::Recent;
pub use status::Probes;
pub use unknown_statuses::unknown_statuses;

/// The dashboard's answers.
#[derive(Debug)]
pub struct CachedDashboard {
    reader: Arc<Reader>,
    probes: Probes,
    origin: Recent<Origin>,
    unknown_statuses: Recent<Vec<UnknownStatus>>,
}

impl CachedDashboard {
    /// Answers from `store` by `rules`, cached in `cache`; business days are those of `calendar`.
    pub fn new(
        store: Arc<dyn OrderStore>,
        rules: StatusRules,
        cache: Arc<dyn Cache>,
        probes: Probes,
        clock: Arc<dyn Clock>,
        calendar: Calendar,
    ) -> Self {
        Self {
            origin: Recent::default(),
            unknown_statuses: Recent::default(),
            probes,
            reader: Arc::new(Reader {
                store,
                rules,
                cache,
                clock,
                calendar,
                slots: Default::default(),
            }),
        }
    }

    fn metrics(&self) -> Metrics<'_> {
        Metrics(&self.reader)
    }

    fn now(&self) -> DateTime<Utc> {
        self.reader.clock.now()
    }
}

macro_rules! answered {
    ($($panel:ident: $endpoint:ident, $data:ty, $($_:tt),*;)*) => {
        #[async_trait]
        impl Dashboard for CachedDashboard {
            $(
                async fn $endpoint(&self, filter: &Filter, read: Read) -> Result<Snapshot<$data>, ApiError> {
                    self.metrics().$endpoint(filter, read).await
                }
            )*

            async fn watermark(&self, read: Read) -> Result<Watermark, ApiError> {
                self.metrics().watermark(read).await
            }

            async fn refresh(&self, seen: Option<Seen>) -> Result<RefreshReport, ApiError> {
                self.refresh_now(seen).await
            }

            async fn settle(&self) {
                self.settle_origin().await;
            }

            async fn status(&self) -> Status {
                self.status_now().await
            }
        }

        impl Metrics<'_> {
            /// What `panel` shows, computed now.
            async fn fresh(&self, panel: Panel) -> Result<Box<dyn PanelData>, ApiError> {
                let filter = Filter::default();
                Ok(match panel {
                    $(Panel::$panel => Box::new(self.$endpoint(&filter, Read::Fresh).await?.data),)*
                })
            }
        }
    };
}

app::panels!(answered);

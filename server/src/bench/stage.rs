//! Where measurements take place: stores of their own, and a time of their own.

use std::error::Error;
use std::sync::Arc;

use app::ports::Ports;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::archive::{ArchiveJob, ArchiveParts};
use crate::backends::Backends;
use crate::calendar::{Calendar, UtcWindow};
use crate::clock::{Clock, FixedClock};
use crate::config::Config;
use crate::dashboard::{CachedDashboard, Probes};
use crate::http::{Site, Web};

/// The last millisecond of a month, so that its 31 days are all in the past and in one archive.
const NOW: &str = "2026-10-31T23:59:59.999Z";
/// How many days a month of orders has.
pub const DAYS: u32 = 31;

/// Embedded stores in a temporary folder, and everything that stands on them.
#[derive(Debug)]
pub struct Stage {
    pub backends: Backends,
    pub dashboard: Arc<CachedDashboard>,
    pub job: ArchiveJob,
    pub clock: Arc<dyn Clock>,
    calendar: Calendar,
    probes: Probes,
    _folder: TempDir,
}

impl Stage {
    /// Opens empty stores, which are gone with the stage.
    pub async fn open(config: &Config) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let folder = tempfile::Builder::new()
            .prefix("shopstream-bench")
            .tempdir()?;
        let config = Config {
            data_dir: folder.path().to_owned(),
            ..config.clone()
        };
        let now: DateTime<Utc> = NOW.parse()?;
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(now));
        let calendar = Calendar::new(Tz::UTC);
        let backends = Backends::open(&config).await?;
        let Backends {
            orders,
            runs,
            cache,
            objects,
        } = backends.clone();
        let probes = Probes::new(orders.clone(), cache.clone(), objects.clone());
        let job = ArchiveJob::beside(ArchiveParts {
            store: orders.clone(),
            log: runs,
            objects,
            clock: clock.clone(),
            calendar,
            cancel: CancellationToken::new(),
        });
        let dashboard =
            CachedDashboard::new(orders, cache, probes.clone(), clock.clone(), calendar);
        Ok(Self {
            backends,
            dashboard: Arc::new(dashboard),
            job,
            clock,
            calendar,
            probes,
            _folder: folder,
        })
    }

    /// The month that an archive exports, as far as it has passed.
    pub fn month(&self) -> UtcWindow {
        let now = self.clock.now();
        UtcWindow::last_days(DAYS.into(), now)
    }

    /// The page over these stores.
    pub fn web(&self, site: Site) -> Web {
        Web {
            ports: Ports {
                dashboard: self.dashboard.clone(),
                archive: Arc::new(self.job.clone()),
            },
            probes: self.probes.clone(),
            clock: self.clock.clone(),
            calendar: self.calendar,
            site,
        }
    }
}

//! Assembles the server on its backends.

use std::sync::Arc;

use app::model::StartedBy;
use app::ports::Ports;
use tokio_util::sync::CancellationToken;

use crate::archive::{ArchiveJob, ArchiveParts, Leases};
use crate::backends::Backends;
use crate::calendar::Calendar;
use crate::clock::{Clock, SystemClock};
use crate::config::PublicUrl;
use crate::dashboard::{CachedDashboard, Live, Probes};
use crate::http::{Kept, Site, Web, policy};
use crate::store::{StatusRules, StoreError};

/// The assembled parts.
#[derive(Clone, Debug)]
pub struct Assembly {
    pub dashboard: Arc<CachedDashboard>,
    pub job: ArchiveJob,
    pub live: Live,
    probes: Probes,
    clock: Arc<dyn Clock>,
    calendar: Calendar,
    cancel: CancellationToken,
}

impl Assembly {
    /// Assembles the parts and recovers archive runs that an earlier process left unfinished. `cancel`
    /// ends the archive job and the watch over the answers.
    pub async fn open(
        backends: &Backends,
        clock: Arc<dyn Clock>,
        calendar: Calendar,
        rules: StatusRules,
        cancel: CancellationToken,
    ) -> Result<Self, StoreError> {
        let Backends {
            orders,
            runs,
            leases,
            sync,
            cache,
            objects,
            spool,
            mongo: _,
        } = backends.clone();
        let probes = Probes::new(
            orders.clone(),
            cache.clone(),
            objects.clone(),
            sync,
            clock.clone(),
        );
        let job = ArchiveJob::open(ArchiveParts {
            store: orders.clone(),
            log: runs,
            leases: Leases {
                store: leases,
                clock: Arc::new(SystemClock),
            },
            objects,
            spool,
            clock: clock.clone(),
            calendar,
            by: StartedBy::Page,
            cancel: cancel.clone(),
        })
        .await;
        let probed = probes.clone();
        let dashboard = CachedDashboard::new(orders, rules, cache, probed, clock.clone(), calendar);
        let dashboard = Arc::new(dashboard);
        let live = Live::new(dashboard.clone(), Arc::new(job.clone()));
        tokio::spawn(live.clone().run(cancel.clone()));
        Ok(Self {
            dashboard,
            job,
            live,
            probes,
            clock,
            calendar,
            cancel,
        })
    }

    /// What requests use, with the page's files. `public_url` is where people open the page.
    pub fn web(&self, site: Site, public_url: Option<PublicUrl>) -> Web {
        let prefix = public_url.as_ref().map_or("", PublicUrl::prefix);
        Web {
            ports: Ports {
                dashboard: self.dashboard.clone(),
                archive: Arc::new(self.job.clone()),
            },
            live: self.live.clone(),
            stopping: self.cancel.clone(),
            probes: self.probes.clone(),
            clock: self.clock.clone(),
            calendar: self.calendar,
            policy: policy(&site.assets, prefix),
            kept: Kept::default(),
            site,
            public_url,
        }
    }
}

//! The archive job of a command, which may run beside a server.

use std::error::Error;
use std::sync::Arc;

use app::model::StartedBy;
use tokio_util::sync::CancellationToken;

use crate::archive::{ArchiveJob, ArchiveParts, Leases};
use crate::backends::Backends;
use crate::clock::SystemClock;
use crate::config::Config;

/// The job over the stores that `config` names; `cancel` ends its run.
pub async fn job(
    config: &Config,
    cancel: CancellationToken,
) -> Result<ArchiveJob, Box<dyn Error + Send + Sync>> {
    let backends = Backends::open(config).await?;
    Ok(ArchiveJob::beside(ArchiveParts {
        store: backends.orders,
        log: backends.runs,
        leases: Leases {
            store: backends.leases,
            clock: Arc::new(SystemClock),
        },
        objects: backends.objects,
        spool: backends.spool,
        clock: Arc::new(SystemClock),
        calendar: config.calendar,
        by: StartedBy::CommandLine,
        cancel,
    }))
}

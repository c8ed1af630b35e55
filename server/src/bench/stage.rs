//! Stores and a clock for measurements.

use std::error::Error;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::assembly::Assembly;
use crate::backends::Backends;
use crate::calendar::{Calendar, UtcWindow};
use crate::clock::{Clock, FixedClock};
use crate::config::Config;

/// The last millisecond of a month, so that all its 31 days are in one archive.
const NOW: &str = "2026-10-31T23:59:59.999Z";
/// Days in that month.
pub const DAYS: u32 = 31;

/// Embedded stores in a temporary folder, assembled as in the server.
#[derive(Debug)]
pub struct Stage {
    pub backends: Backends,
    pub assembly: Assembly,
    pub clock: Arc<dyn Clock>,
    _folder: TempDir,
}

impl Stage {
    /// Opens empty stores, which are deleted with the stage.
    pub async fn open(config: &Config) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let folder = tempfile::Builder::new()
            .prefix("shopstream-bench")
            .tempdir()?;
        let config = Config {
            data_dir: folder.path().to_owned(),
            mongo: None,
            redis: None,
            gcs: None,
            ..config.clone()
        };
        let now: DateTime<Utc> = NOW.parse()?;
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(now));
        let backends = Backends::open(&config).await?;
        let calendar = Calendar::new(Tz::UTC);
        let cancel = CancellationToken::new();
        let assembly = Assembly::open(&backends, clock.clone(), calendar, cancel).await?;
        Ok(Self {
            backends,
            assembly,
            clock,
            _folder: folder,
        })
    }

    /// The month that an archive exports.
    pub fn month(&self) -> UtcWindow {
        let now = self.clock.now();
        UtcWindow::last_days(DAYS.into(), now)
    }
}

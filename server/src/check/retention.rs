//! Whether a month is about to be lost.

use std::sync::Arc;

use tokio::time::Instant;

use super::{CHECK_TIMEOUT, in_time};
use crate::archive::{self, Guard, GuardError, Patience, RunLog, Watched};
use crate::backends::Backends;
use crate::calendar::Calendar;
use crate::causes::with_causes;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::store::OrderStore;

/// The retention guard, or why it is not known before the deadline.
pub(super) async fn guard(config: &Config) -> Result<Guard, String> {
    let deadline = Instant::now() + CHECK_TIMEOUT;
    match &config.mongo {
        Some(mongo) => {
            let store = Backends::open_mongo(mongo).map_err(|error| with_causes(&error))?;
            in_time(deadline, of(store, config)).await
        }
        None => {
            let store = in_time(deadline, Backends::open_embedded(config)).await?;
            in_time(deadline, of(store, config)).await
        }
    }
}

async fn of(store: Arc<impl OrderStore + RunLog>, config: &Config) -> Result<Guard, GuardError> {
    // That they cannot be opened is said of the archive.
    let objects = Backends::open_objects(config).await.ok();
    let watched = Watched {
        orders: store.as_ref(),
        log: store.as_ref(),
        objects: objects.as_deref(),
        calendar: Calendar::new(config.time_zone),
        now: SystemClock.now(),
    };
    archive::guard(watched, Patience::CHECK).await
}

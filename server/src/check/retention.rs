//! Whether a month is about to be lost.

use std::sync::Arc;

use app::model::MonthGuard;
use tokio::time::Instant;

use super::{CHECK_TIMEOUT, in_time};
use crate::archive::{self, Watched};
use crate::backends::Backends;
use crate::calendar::Calendar;
use crate::causes::with_causes;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::store::{OrderStore, RunLog, StoreError};

/// The retention guard; the running month as unknown where it does not come before the deadline.
pub(super) async fn guard(config: &Config) -> Vec<MonthGuard> {
    let deadline = Instant::now() + CHECK_TIMEOUT;
    let guard = async {
        if let Some(mongo) = &config.mongo {
            let store = Backends::open_mongo(mongo).map_err(|error| with_causes(&error))?;
            return in_time(deadline, of(store, config)).await;
        }
        let store = in_time(deadline, Backends::open_embedded(config)).await?;
        in_time(deadline, of(store, config)).await
    };
    guard.await.unwrap_or_else(|because| {
        let running = Calendar::new(config.time_zone).month_of(SystemClock.now());
        let running = running.map(|month| archive::unknown(month, because));
        running.into_iter().collect()
    })
}

async fn of(
    store: Arc<impl OrderStore + RunLog>,
    config: &Config,
) -> Result<Vec<MonthGuard>, StoreError> {
    Ok(archive::guard(Watched {
        orders: store.as_ref(),
        log: store.as_ref(),
        calendar: Calendar::new(config.time_zone),
        now: SystemClock.now(),
    })
    .await)
}

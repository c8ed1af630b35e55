//! Whether a month is about to be lost.

use std::sync::Arc;

use app::model::MonthGuard;
use tokio::time::{Instant, timeout_at};

use super::WITHIN;
use crate::archive::{self, RunLog};
use crate::backends::Backends;
use crate::calendar::Calendar;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::store::OrderStore;

/// The retention guard, if it is known before the deadline.
pub(super) async fn guard(config: &Config) -> Option<Vec<MonthGuard>> {
    let deadline = Instant::now() + WITHIN;
    let guarded = async {
        match &config.mongo {
            Some(mongo) => of(Backends::open_mongo(mongo).ok()?, config).await,
            None => of(Backends::open_embedded(config).await.ok()?, config).await,
        }
    };
    let guarded = timeout_at(deadline, guarded).await;
    guarded.ok().flatten()
}

async fn of(store: Arc<impl OrderStore + RunLog>, config: &Config) -> Option<Vec<MonthGuard>> {
    let calendar = Calendar::new(config.time_zone);
    let now = SystemClock.now();
    // That they cannot be opened is said of the archive.
    let objects = Backends::open_objects(config).await.ok();
    let guarded = archive::guard(
        store.as_ref(),
        store.as_ref(),
        objects.as_deref(),
        calendar,
        now,
    );
    guarded.await.ok()
}

//! `server check`: tries every store and reports what is in it.

use std::path::Path;
use std::time::Duration;

use app::model::{MonthGuard, OrderFilter};
use serde::Serialize;
use tokio::time::{Instant, sleep};

use crate::archive::{self, Watched};
use crate::backends::Backends;
use crate::cache::Cache;
use crate::calendar::Zones;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::dashboard::unknown_statuses;
use crate::store::{OrderStore, RunLog, StatusRules, StoreError};

mod checked;
mod source;
mod table;

pub use checked::Checked;
pub use source::SourceReport;

/// What to say of a view in place of the collection of orders.
const VIEW: &str = "orders is a view, which can be read, and cannot be written to or indexed";
/// The first connection to Redis may take longer than a read waits for it, so we ask again.
const REDIS_RETRY_DELAY: Duration = Duration::from_millis(500);

/// The state of every store. `Display` is a table for people.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether all stores are up.
    pub up: bool,
    /// By which rules days begin: "Europe/Berlin, rules 2026f (bundled)".
    pub time_zone: String,
    /// Orders, cache, archive.
    pub stores: Vec<Checked>,
    /// Every month in the order store, newest first.
    pub guard: Vec<MonthGuard>,
    /// Where the orders come from; `None` without `SOURCE_URI`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceReport>,
}

impl Report {
    /// Whether a month has to be archived now, or it is unknown whether one has.
    pub fn is_urgent(&self) -> bool {
        let mut guard = self.guard.iter();
        guard.any(|month| month.is_urgent() || month.is_unknown())
    }
}

/// Tries all stores at once; see [`Checked::tried`].
pub async fn check(config: &Config) -> Report {
    let ((orders, guard), cache, archive, source) = futures::join!(
        orders(config),
        cache(config),
        archive(config),
        Box::pin(source::source(config))
    );
    let stores = vec![orders, cache, archive];
    Report {
        up: stores.iter().all(|store| store.up) && source.as_ref().is_none_or(|source| source.up),
        time_zone: format!("{}, {}", config.calendar.zone_name(), Zones::in_use()),
        stores,
        guard,
        source,
    }
}

/// The order store, and the retention guard of its months; the running month as unknown where
/// there is no guard.
async fn orders(config: &Config) -> (Checked, Vec<MonthGuard>) {
    let mut guard = None;
    let checked = match &config.mongo {
        None => {
            let checked = Checked::new("orders", "SQLite", absolute(&Backends::database(config)));
            let attempt = async |checked: &mut Checked| {
                let store = Backends::open_embedded(config).await?;
                let indexes = async { Ok(Some(Vec::new())) };
                inspect(checked, &mut guard, store.as_ref(), indexes, config).await?;
                Ok(())
            };
            checked.tried(attempt).await
        }
        Some(mongo) => {
            let checked = Checked::new("orders", "MongoDB", "MONGODB_URI");
            let attempt = async |checked: &mut Checked| {
                let store = Backends::open_mongo(mongo)?;
                checked.location = store.location().to_owned();
                let indexes = async {
                    Ok(match store.is_view().await? {
                        true => None,
                        false => Some(store.missing_indexes().await?),
                    })
                };
                inspect(checked, &mut guard, store.as_ref(), indexes, config).await?;
                Ok(())
            };
            checked.tried(attempt).await
        }
    };
    let guard = guard.unwrap_or_else(|| {
        let running = config.calendar.month_of(SystemClock.now());
        let because = "the order store could not be read".to_owned();
        let running = running.map(|month| archive::unknown(month, because));
        running.into_iter().collect()
    });
    (checked, guard)
}

/// Pings the store, then reads what is in it, all at once: what takes too long hides nothing else.
/// `indexes` gives those that are missing; `None` for a view, which takes none.
async fn inspect(
    checked: &mut Checked,
    guard: &mut Option<Vec<MonthGuard>>,
    store: &(impl OrderStore + RunLog),
    indexes: impl Future<Output = Result<Option<Vec<&'static str>>, StoreError>>,
    config: &Config,
) -> Result<(), StoreError> {
    let started = Instant::now();
    store.ping().await?;
    checked.answered(started);
    let all = OrderFilter::default();
    let rules = StatusRules {
        not_revenue: config.not_revenue_statuses.clone(),
    };
    futures::try_join!(
        async {
            checked.orders = Some(store.count().await?);
            Ok(())
        },
        async {
            let newest = store.orders(&all, None, 1).await?;
            checked.newest_order = newest.first().map(|order| order.created_at);
            Ok(())
        },
        async {
            checked.unreadable = Some(store.unreadable().await?);
            Ok(())
        },
        async {
            let now = SystemClock.now();
            checked.unknown_statuses = unknown_statuses(store, &rules, now).await?;
            Ok(())
        },
        async {
            checked.duplicates = Some(store.duplicates().await?);
            Ok(())
        },
        async {
            match indexes.await? {
                Some(missing) => {
                    checked.missing_indexes = missing.into_iter().map(str::to_owned).collect();
                }
                None => checked.notes.push(VIEW.to_owned()),
            }
            Ok(())
        },
        async {
            let guarded = archive::guard(Watched {
                orders: store,
                log: store,
                calendar: config.calendar,
                now: SystemClock.now(),
            });
            *guard = Some(guarded.await);
            Ok(())
        },
    )?;
    Ok(())
}

async fn cache(config: &Config) -> Checked {
    let Some(redis) = &config.redis else {
        let mut checked = Checked::new("cache", "in-process cache", "the server's process");
        checked.answered(Instant::now());
        return checked;
    };
    let attempt = async |checked: &mut Checked| {
        let cache = Backends::open_redis(redis)?;
        checked.location = cache.location().to_owned();
        if cache.ping().await.is_err() {
            sleep(REDIS_RETRY_DELAY).await;
        }
        let started = Instant::now();
        cache.ping().await?;
        checked.answered(started);
        Ok(())
    };
    let checked = Checked::new("cache", "Redis", &redis.host);
    checked.tried(attempt).await
}

async fn archive(config: &Config) -> Checked {
    let checked = match &config.gcs {
        Some(gcs) => {
            let location = format!("gs://{}", gcs.bucket);
            Checked::new("archive", "Cloud Storage", location)
        }
        None => {
            let folder = absolute(&Backends::archive(config));
            Checked::new("archive", "local folder", folder)
        }
    };
    let attempt = async |checked: &mut Checked| {
        let objects = Backends::open_objects(config).await?;
        let started = Instant::now();
        objects.ping().await?;
        checked.answered(started);
        Ok(())
    };
    checked.tried(attempt).await
}

/// The absolute path.
fn absolute(path: &Path) -> String {
    let absolute = std::path::absolute(path);
    absolute.as_deref().unwrap_or(path).display().to_string()
}

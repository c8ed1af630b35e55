//! `server check`: tries every store and reports what is in it.

use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

use app::model::{MonthGuard, Timestamp};
use serde::Serialize;
use tokio::time::{Instant, sleep, timeout_at};

use crate::backends::Backends;
use crate::cache::Cache;
use crate::causes::with_causes;
use crate::config::Config;
use crate::objects::ObjectStore;
use crate::store::OrderStore;

mod details;
mod retention;
mod table;

/// How long each store may take. Connecting to MongoDB may take 10 s.
const CHECK_TIMEOUT: Duration = Duration::from_secs(12);
/// The first connection to Redis may take longer than a read waits for it, so we ask again.
const REDIS_RETRY_DELAY: Duration = Duration::from_millis(500);

/// The state of every store. `Display` is a table for people.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether all stores are up.
    pub up: bool,
    /// Orders, cache, archive.
    pub stores: Vec<Checked>,
    /// Every month in the order store, newest first.
    pub guard: Vec<MonthGuard>,
}

impl Report {
    /// Whether a month has to be archived now, or it is unknown whether one has.
    pub fn is_urgent(&self) -> bool {
        let mut guard = self.guard.iter();
        guard.any(|month| month.is_urgent() || month.is_unknown())
    }
}

/// The state of one store, without secrets.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// "orders", "cache" or "archive".
    pub store: &'static str,
    /// The name of the backend: "SQLite".
    pub kind: String,
    pub location: String,
    /// Whether it works.
    pub up: bool,
    /// How long its answer took; `None` without an answer.
    pub latency_ms: Option<f64>,
    /// These four only of the order store, as far as they are known.
    pub orders: Option<u64>,
    pub newest_order: Option<Timestamp>,
    pub unreadable: Option<u64>,
    pub missing_indexes: Vec<String>,
    /// What is wrong, and what to do about it.
    pub notes: Vec<String>,
}

/// Tries all stores at once, in [`CHECK_TIMEOUT`] at most.
pub async fn check(config: &Config) -> Report {
    let (orders, cache, archive, guard) = futures::join!(
        orders(config),
        cache(config),
        archive(config),
        retention::guard(config)
    );
    let stores = vec![orders, cache, archive];
    Report {
        up: stores.iter().all(|store| store.up),
        stores,
        guard,
    }
}

async fn orders(config: &Config) -> Checked {
    let deadline = Instant::now() + CHECK_TIMEOUT;
    let Some(mongo) = &config.mongo else {
        let mut checked = Checked::new("orders", "SQLite", absolute(&Backends::database(config)));
        match in_time(deadline, Backends::open_embedded(config)).await {
            Ok(store) => inspect(&mut checked, store.as_ref(), deadline).await,
            Err(problem) => checked.fails(problem),
        }
        return checked;
    };
    let mut checked = Checked::new("orders", "MongoDB", "MONGODB_URI");
    let store = match Backends::open_mongo(mongo) {
        Ok(store) => store,
        Err(error) => return checked.down(with_causes(&error)),
    };
    checked.location = store.location().to_owned();
    inspect(&mut checked, store.as_ref(), deadline).await;
    if checked.up {
        details::indexes(&mut checked, &store, deadline).await;
    }
    checked
}

/// Pings the store, then reads what is in it.
async fn inspect(checked: &mut Checked, store: &dyn OrderStore, deadline: Instant) {
    let started = Instant::now();
    match in_time(deadline, store.ping()).await {
        Ok(()) => checked.answered(started),
        Err(problem) => return checked.fails(problem),
    }
    details::orders(checked, store, deadline).await;
}

async fn cache(config: &Config) -> Checked {
    let deadline = Instant::now() + CHECK_TIMEOUT;
    let Some(redis) = &config.redis else {
        let mut checked = Checked::new("cache", "in-process cache", "the server's process");
        checked.answered(Instant::now());
        return checked;
    };
    let mut checked = Checked::new("cache", "Redis", &redis.host);
    let cache = match Backends::open_redis(redis) {
        Ok(cache) => cache,
        Err(error) => return checked.down(with_causes(&error)),
    };
    checked.location = cache.location().to_owned();
    if cache.ping().await.is_err() {
        sleep(REDIS_RETRY_DELAY).await;
    }
    let started = Instant::now();
    match timeout_at(deadline, cache.ping()).await {
        Ok(Ok(())) => checked.answered(started),
        Ok(Err(error)) => checked.fails(error.words),
        Err(_) => checked.fails(timed_out()),
    }
    checked
}

async fn archive(config: &Config) -> Checked {
    let deadline = Instant::now() + CHECK_TIMEOUT;
    if let Some(gcs) = &config.gcs {
        let location = format!("gs://{}", gcs.bucket);
        let checked = Checked::new("archive", "Cloud Storage", location);
        return match Backends::open_bucket(gcs) {
            Ok(bucket) => pinged(checked, bucket.as_ref(), deadline).await,
            Err(error) => checked.down(with_causes(&error)),
        };
    }
    let folder = absolute(&Backends::archive(config));
    let checked = Checked::new("archive", "local folder", folder);
    match in_time(deadline, Backends::open_folder(config)).await {
        Ok(folder) => pinged(checked, &folder, deadline).await,
        Err(problem) => checked.down(problem),
    }
}

async fn pinged(mut checked: Checked, objects: &dyn ObjectStore, deadline: Instant) -> Checked {
    let started = Instant::now();
    match in_time(deadline, objects.ping()).await {
        Ok(()) => checked.answered(started),
        Err(problem) => checked.fails(problem),
    }
    checked
}

/// The result of `attempt`, or why there is none before the deadline.
async fn in_time<T, E: std::error::Error>(
    deadline: Instant,
    attempt: impl Future<Output = Result<T, E>>,
) -> Result<T, String> {
    match timeout_at(deadline, attempt).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(with_causes(&error)),
        Err(_) => Err(timed_out()),
    }
}

/// The absolute path.
fn absolute(path: &Path) -> String {
    let absolute = std::path::absolute(path);
    absolute.as_deref().unwrap_or(path).display().to_string()
}

fn timed_out() -> String {
    format!("no answer within {} s", CHECK_TIMEOUT.as_secs())
}

impl Checked {
    fn new(store: &'static str, kind: impl Display, location: impl Display) -> Self {
        Self {
            store,
            kind: kind.to_string(),
            location: location.to_string(),
            up: false,
            latency_ms: None,
            orders: None,
            newest_order: None,
            unreadable: None,
            missing_indexes: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn answered(&mut self, started: Instant) {
        self.up = true;
        self.latency_ms = Some(started.elapsed().as_micros() as f64 / 1_000.0);
    }

    fn down(mut self, problem: String) -> Self {
        self.fails(problem);
        self
    }

    fn fails(&mut self, problem: String) {
        self.up = false;
        self.notes.push(problem);
    }
}

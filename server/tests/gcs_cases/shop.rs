//! A store with synthetic orders, whose archive is a fresh bucket behind the fault proxy.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::api::ApiError;
use app::model::{ArchiveRun, VerifyReport};
use app::ports::Archive;
use chrono::{DateTime, TimeDelta, Utc};
use server::archive::gcs::{GcsBucket, Patience};
use server::archive::{ArchiveJob, ArchiveParts, Leases};
use server::calendar::{Calendar, UtcWindow};
use server::clock::{FixedClock, SystemClock};
use server::config::GcsConfig;
use server::generate::{Plan, generate};
use server::store::OrderStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::fault_proxy::FaultProxy;
use crate::support::gcs;
use crate::support::lines::lines;

pub const NOVEMBER: &str = "shopstream/orders/2026/11/23/orders_export.jsonl";
pub const RUN_INFO: &str = "shopstream/metadata/run_info.json";

/// Deadlines that a test can wait for, and that a busy machine still keeps.
pub const HASTY: Patience = Patience {
    connect: Duration::from_secs(2),
    answer: Duration::from_secs(3),
    budget: Duration::from_millis(1500),
    pause: Duration::from_millis(5),
    longest_pause: Duration::from_millis(200),
    ping: Duration::from_millis(900),
};

/// For faults that pass, and none at all: whether the machine is busy makes no difference.
pub const PATIENT: Patience = Patience {
    answer: Duration::from_secs(30),
    budget: Duration::from_secs(60),
    ..HASTY
};

pub struct Shop {
    pub config: GcsConfig,
    pub proxy: FaultProxy,
    store: Arc<SqliteStore>,
    _folder: TempDir,
    /// How many jobs were made: each starts a second after the one before, as processes do.
    jobs: AtomicI64,
}

impl Shop {
    /// `None` where there is no server.
    pub async fn open() -> Option<Self> {
        let config = gcs::bucket().await?;
        let folder = TempDir::new().expect("a temporary folder");
        let store = SqliteStore::open(&folder.path().join("orders.sqlite")).await;
        let store = Arc::new(store.expect("a store"));
        let clock = FixedClock(now());
        generate(store.as_ref(), Plan::default(), &clock, |_| {})
            .await
            .expect("synthetic orders");
        Some(Self {
            proxy: FaultProxy::start(&config).await,
            config,
            store,
            _folder: folder,
            jobs: AtomicI64::new(0),
        })
    }

    /// Archives the running month, to the end.
    pub async fn archive(&self, patience: Patience) -> ArchiveRun {
        self.archive_to(&self.proxy.config(), patience).await
    }

    /// The same, with the bucket at another address.
    pub async fn archive_at(&self, address: &str, patience: Patience) -> ArchiveRun {
        let config = GcsConfig::new(&self.config.bucket, Some(address));
        let config = config.expect("a configuration");
        self.archive_to(&config, patience).await
    }

    async fn archive_to(&self, config: &GcsConfig, patience: Patience) -> ArchiveRun {
        let job = self.job(config, patience).await;
        job.run_to_end(None, |_| {}).await.expect("a run")
    }

    /// Reads the run's archive back, past the proxy.
    pub async fn verify(&self, run_id: &str) -> Result<VerifyReport, ApiError> {
        self.job(&self.config, PATIENT).await.verify(run_id).await
    }

    pub async fn job(&self, config: &GcsConfig, patience: Patience) -> ArchiveJob {
        let later = TimeDelta::seconds(self.jobs.fetch_add(1, Ordering::Relaxed));
        let objects = GcsBucket::open_with(config, patience);
        ArchiveJob::open(ArchiveParts {
            store: self.store.clone(),
            log: self.store.clone(),
            leases: Leases {
                store: self.store.clone(),
                clock: Arc::new(SystemClock),
            },
            objects: Arc::new(objects.expect("a bucket")),
            clock: Arc::new(FixedClock(now() + later)),
            calendar: calendar(),
            cancel: CancellationToken::new(),
        })
        .await
    }

    /// The month's part before now, as lines.
    pub async fn lines(&self) -> String {
        let whole = calendar().month("2026-11".parse().expect("a month"));
        let window = UtcWindow { to: now(), ..whole };
        let documents = self.store.documents(window).await.expect("a stream");
        let lines = lines(documents).await;
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The object's generation and content.
    pub async fn object(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let said = gcs::metadata(&self.config, name).await?;
        let generation = said["generation"].as_str().expect("a generation");
        let content = gcs::content(&self.config, name).await?;
        Some((generation.to_owned(), content))
    }

    /// All names in the bucket but the manifests of runs.
    pub async fn objects(&self) -> Vec<String> {
        let mut names = gcs::objects(&self.config).await;
        names.retain(|name| !name.starts_with("shopstream/metadata/runs/"));
        names
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-23T09:30:00Z".parse().expect("an RFC 3339 time")
}

fn calendar() -> Calendar {
    Calendar::new("UTC".parse().expect("a time zone"))
}
